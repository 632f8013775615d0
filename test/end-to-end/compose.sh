#!/usr/bin/env bash
# The story of docker-compose.yml, from a clean start: predict, drift, an alert by Prometheus, Alertmanager's webhook,
# retraining, promotion, the verdict clears; then kill -9 of each container in turn, and down and up again with nothing lost.
#
#   test/end-to-end/compose.sh                              needs root (it kills processes of containers) and free ports
#   WITHOUT="grafana jaeger" test/end-to-end/compose.sh     leaves out services whose image cannot be had
#
# It removes the volumes of the project before and after: never run it beside a stack that matters.
set -euo pipefail
cd "$(dirname "$0")/../.."
export COMPOSE_PROJECT_NAME=plumbline-test SERVICE_PORT=${SERVICE_PORT:-18080} MONITOR_PORT=${MONITOR_PORT:-18081}
export TRAINER_PORT=${TRAINER_PORT:-18082} PROMETHEUS_PORT=${PROMETHEUS_PORT:-19090}
export ALERTMANAGER_PORT=${ALERTMANAGER_PORT:-19093} GRAFANA_PORT=${GRAFANA_PORT:-13000} JAEGER_PORT=${JAEGER_PORT:-26686}
service=http://127.0.0.1:$SERVICE_PORT monitor=http://127.0.0.1:$MONITOR_PORT prometheus=http://127.0.0.1:$PROMETHEUS_PORT
model=wine-quality

say() { echo "$(date +%T) $*"; }
fail() {
  say "FAILED: $*"
  docker compose ps --all
  docker compose logs --tail 30
  exit 1
}
trap 'fail "line $LINENO: $BASH_COMMAND"' ERR

# until_true SECONDS WHAT COMMAND…: polls until the command succeeds.
until_true() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || fail "waited in vain for $what"
    sleep 1
  done
  say "$what"
}
# json URL EXPRESSION: the value of a JavaScript expression over the JSON `it`.
json() { curl -fsS --noproxy '*' "$1" | node -p "const it = JSON.parse(require('fs').readFileSync(0, 'utf8')); $2"; }
is() { [ "$(json "$1" "$2")" = "$3" ]; }
sql() { docker compose exec -T postgres psql -U plumbline -d plumbline -Atc "$1"; }
rows() { sql "select count(*) from predictions where source = 'live'"; }
champion() { sql "select champion_version from models where model_name = '$model'"; }
promoted() { [ "$(sql "select count(*) from training_runs where state = 'promoted'")" -gt 0 ]; }
predict() {
  curl -fsS --noproxy '*' "$service/v1/models/$model/predict" \
    -d '{"instances": [{"alcohol": 11.2, "volatile_acidity": 0.26, "sulphates": 0.48}]}'
}
balanced() { docker compose exec -T service plumbline capture check; }

wanted=()
for name in $(docker compose config --services); do
  case " secrets setup traffic ${WITHOUT:-} " in *" $name "*) ;; *) wanted+=("$name") ;; esac
done
say "services: ${wanted[*]}"
docker compose --profile traffic down --volumes --remove-orphans >/dev/null 2>&1
docker compose up --detach --build --wait --wait-timeout 300 "${wanted[@]}"
say "up and healthy"

first=$(predict | node -p "JSON.parse(require('fs').readFileSync(0, 'utf8')).predictions[0].id")
until_true 10 "the first prediction is stored" curl -fsS --noproxy '*' "$service/v1/predictions/$first"

say "traffic that drifts after 6,000 rows"
TRAFFIC_RATE=${TRAFFIC_RATE:-150} docker compose --profile traffic up --detach --no-deps traffic
drifting="$prometheus/api/v1/query?query=count_over_time(ALERTS%7Balertname%3D%22FeatureDrift%22,alertstate%3D%22firing%22%7D%5B10m%5D)"
until_true 240 "FeatureDrift fired in Prometheus" is "$drifting" "it.data.result.length > 0" true
until_true 240 "Alertmanager called the trainer, which trained, compared and promoted" promoted
[ "$(champion)" = 2 ] || fail "the champion is $(champion), wanted 2"
newest="$monitor/v1/models/$model/windows?limit=1"
until_true 240 "the verdict on version 2 is ok" is "$newest" "it.windows[0]?.model_version + ' ' + it.windows[0]?.verdict" "2 ok"
until_true 240 "no drift alert fires any more" is "$prometheus/api/v1/query?query=ALERTS%7Balertname%3D~%22.*Drift%22,alertstate%3D%22firing%22%7D" "it.data.result.length" 0

# The commands of README.md, as they stand there.
while read -r line; do
  command=${line%%#*}
  read -r _ _ _ name _ <<<"$command"
  case " ${WITHOUT:-} " in *" $name "*) continue ;; esac
  [ -n "$(bash -c "${command/exec/exec -T}" </dev/null)" ] || fail "$command printed nothing"
  say "README.md: $command"
done < <(sed -n '/^### In containers/,/^## /p' README.md | grep '^docker compose exec')

# The process in the container is killed from outside: after "docker kill" Docker would not start it again.
for name in "${wanted[@]}"; do
  container=$(docker compose ps --quiet "$name")
  before=$(docker inspect --format '{{.RestartCount}}' "$container")
  kill -9 "$(docker inspect --format '{{.State.Pid}}' "$container")"
  restarted() { [ "$(docker inspect --format '{{.RestartCount}} {{.State.Health.Status}}' "$container")" = "$((before + 1)) healthy" ]; }
  until_true 90 "$name was killed, and is healthy again" restarted
done
until_true 30 "a prediction is answered" predict

docker compose --profile traffic stop traffic >/dev/null 2>&1
sent=$(docker compose logs --no-log-prefix traffic | tail -5)
say "traffic ended: $sent"
until_true 60 "every acknowledged prediction is stored" balanced
stored=$(rows) version=$(champion)
[ "$stored" -gt 6000 ] || fail "only $stored rows are stored"

docker compose --profile traffic down
docker compose up --detach --wait --wait-timeout 300 "${wanted[@]}"
[ "$(rows)" = "$stored" ] || fail "$(rows) rows after down and up, $stored before"
[ "$(champion)" = "$version" ] || fail "the champion is $(champion) after down and up, $version before"
curl -fsS --noproxy '*' "$service/v1/predictions/$first" >/dev/null
until_true 60 "the balance of the capture holds" balanced
predict | grep -q "\"version\":$version" || fail "not answered by version $version"
say "down and up again: $stored rows and version $version are there"
docker compose --profile traffic down --volumes >/dev/null 2>&1
say "the whole story holds"
