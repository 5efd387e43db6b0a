# The only commands to learn. `make` lists them.
SHELL := /bin/bash
CARGO ?= cargo
USERS ?= 0
ORGANISATIONS ?= 0
# How much `make prove` goes through: decisions, sequences of commands, rounds of each race.
DECISIONS ?= 100000000
SEQUENCES ?= 1000
ROUNDS ?= 10000
# Sign-ins of each kind whose times are compared.
TIMINGS ?= 10000
# Seconds for each target of `make fuzz`, and how many requests near to good ones `make prove` sends.
SECONDS_EACH ?= 20
MUTATIONS ?= 1000000
# Which part of the mutants: `make prove-mutants SHARD=0/16` on each of sixteen machines. One takes minutes.
SHARD ?= 0/1
TARGET := $(or $(CARGO_TARGET_DIR),target)

# What a fresh Debian machine lacks beyond a Rust toolchain, make and a C compiler.
PACKAGES_BUILD := pkg-config libssl-dev
PACKAGES_TEST := postgresql
PACKAGES_CLIENTS := chromium curl jq oathtool
# What only some clients need: a web server (its programs alone, no service) and an agent.
PACKAGES_CONFORMANCE := apache2-bin libapache2-mod-auth-openidc oidc-agent-cli

.PHONY: help demo fuzz test test-rust test-clients conformance-clients prove prove-mutants check bench gen setup setup-test setup-clients setup-conformance

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 22

setup: ## install what the build needs
	@./conformance/install $(PACKAGES_BUILD)

setup-test: setup ## install what the tests need
	@./conformance/install $(PACKAGES_TEST)

setup-clients: setup ## install what the real clients need
	@./conformance/install $(PACKAGES_CLIENTS)
	@command -v npm >/dev/null || ./conformance/install nodejs npm
	@python3 -c 'import venv, ensurepip' 2>/dev/null || ./conformance/install python3-venv

setup-conformance: setup-clients ## install what the clients need that are Debian packages themselves
	@./conformance/install $(PACKAGES_CONFORMANCE)

demo: setup ## run the main job on embedded SQLite with seeded data, and the example applications beside it
	$(CARGO) build --bins --examples
	$(TARGET)/debug/chamberlain demo $(if $(PROFILE),--profile $(PROFILE) --data-dir chamberlain-demo-$(PROFILE)) --examples $(TARGET)/debug/examples $(if $(filter-out 0,$(USERS)),--users $(USERS)) $(if $(filter-out 0,$(ORGANISATIONS)),--organisations $(ORGANISATIONS))

test: test-rust test-clients ## every test: on SQLite and on a throw-away PostgreSQL, then real clients and a browser

test-rust: setup-test ## the tests that need no other program than a PostgreSQL
	INSTA_UPDATE=no ./conformance/with-postgres $(CARGO) test

test-clients: setup-clients setup-test ## unmodified clients and a browser against a demo of their own
	$(CARGO) build --bins --examples
	./conformance/clients/run

conformance-clients: setup-conformance setup-test ## every real client, also Apache and oidc-agent
	$(CARGO) build --bins --examples
	./conformance/clients/run --all

prove: setup-test ## the heavy proofs: the same properties over far more worlds (hours)
	CHAMBERLAIN_DECISIONS=$(DECISIONS) $(CARGO) test --release --lib authority
	CHAMBERLAIN_SEQUENCES=$(SEQUENCES) CHAMBERLAIN_ROUNDS=$(ROUNDS) CHAMBERLAIN_MUTATIONS=$(MUTATIONS) INSTA_UPDATE=no ./conformance/with-postgres $(CARGO) test --release
	CHAMBERLAIN_TIMINGS=$(TIMINGS) ./conformance/with-postgres $(CARGO) test --release --test it timing -- --ignored --nocapture --test-threads=1
	$(MAKE) fuzz SECONDS_EACH=3600

fuzz: setup ## libFuzzer over each parser of what anybody may send (SECONDS_EACH; findings go into fuzz/artifacts)
	@command -v c++ >/dev/null || ./conformance/install g++
	@command -v cargo-fuzz >/dev/null || $(CARGO) install --locked cargo-fuzz
	@# Without a sanitizer: our code is safe Rust, and so the stable toolchain does.
	@set -e; for target in $$(cd fuzz/fuzz_targets && ls | sed 's/\.rs$$//'); do \
		mkdir -p $(TARGET)/fuzz-corpus/$$target; \
		$(CARGO) fuzz run --sanitizer none --dev $$target $(abspath $(TARGET))/fuzz-corpus/$$target fuzz/corpus/$$target -- -max_total_time=$(SECONDS_EACH) -max_len=40000 -timeout=1 -rss_limit_mb=1024; done

prove-mutants: setup-test ## change what decides, line by line, and see a test fail each time (days; SHARD=k/n for a part)
	@command -v cargo-mutants >/dev/null || $(CARGO) install --locked cargo-mutants
	INSTA_UPDATE=no ./conformance/with-postgres $(CARGO) mutants --shard $(SHARD)

check: ## format, lints, direction of dependencies
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings

bench: setup ## figures as ratios to a floor server in the same run
	$(CARGO) bench

gen: ## write what is generated: the configuration's JSON schema, the table of requirements, the code in the pages about clients
	$(CARGO) run --quiet -- config schema > config/schema.json
	UPDATE_DOCS=1 $(CARGO) test --quiet --test it traceability
	node conformance/clients/docs.mjs --write
