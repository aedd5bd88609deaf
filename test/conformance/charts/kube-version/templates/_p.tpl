{{- define "p" }}{{ . }} {{ kindOf . }} {{ typeOf . }}{{ end }}
