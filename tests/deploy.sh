#!/usr/bin/env bash
# What is under deploy/, read by the tools that will read it: `make lint-deploy`. Needs systemd-analyze and, for the
# first run, a package index. docker, Kubernetes and Prometheus themselves are not run.
set -euo pipefail
cd "$(dirname "$0")/../deploy"
tools=${TOOLS:-../.venv/deploy}
if [ ! -x "$tools/bin/hadolint" ]; then
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check -r ../requirements/deploy.txt
fi
"$tools/bin/hadolint" Dockerfile
"$tools/bin/check-jsonschema" --builtin-schema vendor.compose-spec compose.yaml
"$tools/bin/kubernetes-validate" --strict kubernetes/cronjob.yaml

units=$(mktemp -d)
trap 'rm -rf "$units"' EXIT
cp systemd/* "$units"
sed -i 's|/opt/staffing/bin/staffing|/usr/bin/true|' "$units"/*.service # it need not be installed here
systemd-analyze verify "$units"/staffing-batch@.service "$units"/staffing-batch@.timer "$units"/staffing-alert@.service
grep -h '^OnCalendar=.' systemd/*.timer | cut -d= -f2- | while read -r when; do systemd-analyze calendar "$when" >/dev/null; done
if command -v promtool >/dev/null; then
    promtool check rules prometheus/alerts.yml
    promtool check config --syntax-only prometheus/prometheus.yml
else
    echo "promtool is not installed: Prometheus' rules were read by the tests alone."
fi
echo "deploy/ passes."
