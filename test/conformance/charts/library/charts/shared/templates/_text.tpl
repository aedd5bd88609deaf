{{- define "shared.text" -}}
{{ .Values.shared.greeting }} from {{ .Chart.Name }}
{{- end -}}
