#!/bin/sh
# Makes the secrets of docker-compose.yml the first time it comes up: a file for each reader, readable by that user only.
# What is there already is left alone, so later starts keep the passwords that Postgres and Grafana were set up with.
set -eu
cd "${1:?usage: create-secrets.sh FOLDER}"
umask 077

random() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }

# keep FILE UID VALUE: writes the file unless it is there. Renamed into place, so a start that is cut short leaves no half.
keep() {
  [ -e "$1" ] && return 0
  printf '%s' "$3" > ".$1"
  chown "$2" ".$1"
  mv ".$1" "$1"
}

# Users of the images: ours (node), postgres, Prometheus and Alertmanager (nobody), Grafana.
app=1000 postgres=999 nobody=65534 grafana=472

keep postgres-password $postgres "$(random)"
keep database-url $app "postgres://plumbline:$(cat postgres-password)@postgres:5432/plumbline"
keep trainer-token $app "$(random)"
keep alertmanager-trainer-token $nobody "$(cat trainer-token)"
keep console-token $app "$(random)
"
keep reader-password $app "$(random)"
keep grafana-reader-password $grafana "$(cat reader-password)"
keep grafana-admin-password $grafana "$(random)"
chmod 755 .
