# LakeMesh. `make` alone lists what there is.
#
# Everything is installed into this folder, at pinned versions, the first time
# a target needs it: node_modules, .venv, .spark, .tools/bin. Go, npm and
# Python 3 are the only things expected on the machine. CONTRIBUTING.md says why
# each tool is here.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
export PYTHON

# What is installed here goes before what the machine has, so that the CDK runs
# on the pinned Node.js. Installing itself uses the machine's own PATH.
export MACHINE_PATH := $(PATH)
export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/.tools/bin:$(CURDIR)/.venv/bin:$(PATH)

# Nothing is reported anywhere from here.
export CDK_DISABLE_CLI_TELEMETRY := true

GOLANGCI := .tools/bin/golangci-lint
GO_DIRS := bin constructs stacks test

# $(call step,what is done,name of its log,command): prints one line and keeps
# the command's output in a log, which is shown only when the command fails.
define step
@mkdir -p build/log
@echo '==> $(1) …'
@($(3)) >build/log/$(2).log 2>&1 </dev/null || { status=$$?; cat build/log/$(2).log; echo '==> failed: $(1)'; exit $$status; } >&2
endef

##@ Use

.PHONY: demo
demo: need-all node_modules/.installed .venv/.installed build/demo build/lakemesh ## Deploy the sample mesh to a local AWS, no account needed
	@echo '==> deploying the sample mesh to a local AWS on this machine (no account, no credentials) …'
	@build/demo

.PHONY: synth
synth: need-synth node_modules/.installed build/lakemesh ## Synthesize the sample mesh into cdk.out
	@cdk synth --quiet --no-notices
	@echo '==> templates are in cdk.out'

##@ Develop

.PHONY: test
test: need-all tools build/lakemesh ## Run every test
	@CDK_VALIDATION=false .dev/test

.PHONY: test-vcf
test-vcf: need-all .spark/.installed ## Compare the VCF reader with pysam on all files of a folder
	@[[ -d "$${VCF_CORPUS:-}" ]] || { echo 'VCF_CORPUS must name a folder with VCF files, such as the unpacked sources of bcftools, htslib and PyVCF' >&2; exit 1; }
	@VCF_CORPUS=$$(cd "$$VCF_CORPUS" && pwd) go test -count=1 -v -run TestGenotypesAreThoseOfPysam -timeout 60m ./constructs/variants

# How many domains, and how often each is synthesized. Without a number only what
# deployments make one after another is counted.
BENCH ?= 1,10,50,200
RUNS ?= 5

.PHONY: bench
bench: need-synth node_modules/.installed build/bench/peer/.installed ## Measure the synthesis and write its page
	@go build -o build/bench/ ./test/bench ./test/bench/lakemesh ./test/bench/floor
	@build/bench/bench -n "$(BENCH)" -runs $(RUNS)

# How often each program is timed.
VCF_RUNS ?= 3

.PHONY: bench-vcf
bench-vcf: need-all .spark/.installed build/bench/hail/.installed ## Measure the load of a VCF beside Hail and write its table
	@.spark/bin/python test/bench/vcf/bench.py $(VCF_RUNS)

.PHONY: snapshots
snapshots: need-all tools ## Rewrite the golden files after an intended change
	@packages=$$(grep -rlE --include='*_test.go' '/test/golden"|/constructs/snapshot"' $(GO_DIRS) | xargs -n 1 dirname | sort -u | sed 's,^,./,') && \
		CDK_VALIDATION=false go test $$packages -update
	@git --no-pager status --short -- '*/testdata/*' 2>/dev/null || true

.PHONY: lint
lint: need-go $(GOLANGCI) ## Check format, vet, lint rules and go.mod
	@files=$$(gofmt -l $(GO_DIRS)); [[ -z $$files ]] || { echo 'not formatted (make fmt does it):'; echo "$$files"; exit 1; } >&2
	@go vet ./...
	@$(GOLANGCI) run
	@go mod tidy -diff || { echo 'go.mod or go.sum is not tidy: run go mod tidy' >&2; exit 1; }

.PHONY: fmt
fmt: need-go $(GOLANGCI) ## Format the Go code
	@$(GOLANGCI) fmt

.PHONY: clean
clean: ## Remove what was built
	@rm -rf build cdk.out

.PHONY: distclean
distclean: clean ## Remove what was built and what was installed
	@rm -rf node_modules .venv .spark .tools

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "%s%s\n", sep, substr($$0, 5); sep = "\n" } \
		/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# What follows is called by the targets above.

.PHONY: need-all need-synth need-go
need-all:
	@PATH="$$MACHINE_PATH" .dev/need go npm python
need-synth:
	@PATH="$$MACHINE_PATH" .dev/need go npm
need-go:
	@PATH="$$MACHINE_PATH" .dev/need go

.PHONY: tools
tools: node_modules/.installed .venv/.installed .spark/.installed

# The pinned Node.js comes from a package whose install script fetches the
# build for this platform, so scripts are allowed whatever the user's settings.
node_modules/.installed: package.json package-lock.json | need-synth
	$(call step,installing the CDK command line and Node.js,npm,export PATH="$$MACHINE_PATH" && npm ci --ignore-scripts=false --no-audit --no-fund && node_modules/.bin/node --version && node_modules/.bin/node node_modules/aws-cdk/bin/cdk --version)
	@touch $@

build/bench/peer/.installed: test/bench/peer/package.json test/bench/peer/package-lock.json test/bench/peer/app.js | need-synth
	@mkdir -p $(@D) && cp $(filter test/bench/peer/%,$^) $(@D)
	$(call step,installing the library that the benchmark compares with,bench-peer,export PATH="$$MACHINE_PATH" && cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund)
	@touch $@

build/bench/hail/.installed: test/bench/vcf/requirements.txt | need-all
	$(call step,installing Hail,bench-hail,export PATH="$$MACHINE_PATH" && "$$PYTHON" -m venv --clear $(@D) && $(@D)/bin/python -m pip install --disable-pip-version-check --no-input -r test/bench/vcf/requirements.txt)
	@touch $@

.venv/.installed: requirements.txt | need-all
	$(call step,installing the local AWS and the template linter,pip,export PATH="$$MACHINE_PATH" && "$$PYTHON" -m venv --clear --system-site-packages .venv && .venv/bin/python -m pip install --disable-pip-version-check --no-input -r requirements.txt)
	@touch $@

.spark/.installed: constructs/variants/requirements.txt .dev/spark.py | need-all
	$(call step,installing Spark with Iceberg and pysam,spark,export PATH="$$MACHINE_PATH" && "$$PYTHON" -m venv --clear .spark && .spark/bin/python -m pip install --disable-pip-version-check --no-input -r constructs/variants/requirements.txt && .spark/bin/python .dev/spark.py)
	@touch $@

$(GOLANGCI): .dev/go.mod .dev/go.sum | need-go
	$(call step,building golangci-lint (two minutes the first time),golangci-lint,mkdir -p .tools/bin && GOWORK=off go build -C .dev -trimpath -o ../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint)
	@touch $@

# Go itself knows whether a program is up to date.
.PHONY: build/lakemesh build/demo
build/lakemesh: | need-go
	@[[ -e $@ ]] || echo '==> building LakeMesh (some minutes the first time: the CDK is large) …'
	@go build -o $@ ./bin/lakemesh
build/demo: | need-go
	@go build -o $@ ./test/demo
