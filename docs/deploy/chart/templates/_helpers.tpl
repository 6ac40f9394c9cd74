{{- define "musnad.name" -}}
{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "musnad.selector" -}}
app.kubernetes.io/name: musnad
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "musnad.labels" -}}
{{ include "musnad.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "musnad.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "musnad.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "musnad.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag }}
{{- end }}
