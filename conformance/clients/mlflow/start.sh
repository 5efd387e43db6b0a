#!/bin/sh
# mlflow-oidc-auth as it is on PyPI, on SQLite in $WORK, at $PORT; prints a token for its SCIM server. Needs Python 3.12 or later: $PYTHON312, or
# one of that name on the PATH.
set -eu
venv=${CARGO_TARGET_DIR:-target}/mlflow-venv
if [ ! -x "$venv/bin/mlflow" ]; then
    python=${PYTHON312:-$(command -v python3.14 || command -v python3.13 || command -v python3.12 || true)}
    [ -n "$python" ] || { echo "Python 3.12 or later is needed: set PYTHON312" >&2; exit 1; }
    "$python" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check mlflow-oidc-auth==11.0.2
fi
PATH=$(cd "$venv/bin" && pwd):$PATH
export PATH OIDC_USERS_DB_URI="sqlite:///$WORK/auth.db" OIDC_CLIENT_ID=casper OIDC_CLIENT_SECRET=none OIDC_DISCOVERY_URL="$ISSUER/.well-known/openid-configuration"
python - <<'P'
from mlflow_oidc_auth.store import store

print("TOKEN", store.create_scim_token("chamberlain", "admin")[1], flush=True)
P
exec mlflow server --app-name oidc-auth --host 127.0.0.1 --port "$PORT" --workers 1 --backend-store-uri "sqlite:///$WORK/mlflow.db" --artifacts-destination "$WORK/artifacts" >&2
