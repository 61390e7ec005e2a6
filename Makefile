# Everything a person or a machine does with this repository, by name. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

CONFIG ?= Release
TARGET ?= softswitch
FILTER ?= *
CHASSIS ?= gw1
ROUNDS ?= 3
SECONDS ?= 600
SEED ?= 1
PACKETS ?= 3000
WITH ?=
# Continuous integration builds exactly what the lock files say.
RESTORE_FLAGS ?= $(if $(CI),--locked-mode)

# The SDK must not need ICU, which a fresh Debian lacks; without it, it still has to accept the names of cultures.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT := 1
export DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY := 0
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

config := $(shell echo '$(CONFIG)' | tr A-Z a-z)

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: bootstrap
bootstrap: ## Check for the .NET SDK, install what is missing from Debian (says what and why)
	@tests/bootstrap

.PHONY: restore
restore:
	@dotnet restore GatewayOS.sln $(RESTORE_FLAGS) -v quiet

.PHONY: build
build: bootstrap restore ## Build everything, write the launchers in bin/
	@dotnet build GatewayOS.sln --no-restore -c $(CONFIG) -v quiet -nologo -clp:NoSummary $(BUILD_FLAGS)
	@src/launchers $(config)

.PHONY: quick
quick: ## Build without the analysers
	@$(MAKE) build BUILD_FLAGS=-p:RunAnalyzers=false

.PHONY: native
native: build ## Compile gatewayd and gatewayctl to machine code for this platform (artifacts/native), and have bin/ start them, until the next build
	@for program in Agent Cli; do \
		dotnet publish "src/GatewayOS.$$program" -c Release --use-current-runtime -p:Native=true -p:RunAnalyzers=false -v quiet -nologo -clp:NoSummary; done
	@src/launchers native

.PHONY: test
test: native ## Run every test (as root: the system tests too); ends with `N passed, N failed, N skipped`
	@tests/run $(config)

.PHONY: demo
demo: build ## A real OVN network with the gateway in front of OVS (KEEP=1 leaves it up, TARGET=bmv2 uses simple_switch_grpc)
	@bin/gateway-lab demo --target $(TARGET) $(if $(filter-out 0,$(KEEP)),--keep)

.PHONY: p4
p4: ## Compile the P4 program with p4c into p4/derived
	@p4/build.sh

.PHONY: p4-check
p4-check: ## Fail when p4/derived is older than its sources
	@p4/check.sh

.PHONY: format
format: ## Put white space in order
	@dotnet format whitespace . --folder --exclude artifacts

.PHONY: format-check
format-check: ## Fail when white space is not in order
	@dotnet format whitespace . --folder --exclude artifacts --verify-no-changes

.PHONY: coverage
coverage: build ## Compile the databases of shared/corpus, write src/GatewayOS.Compiler/COVERAGE.md
	@GATEWAYOS_COVERAGE_REPORT=$(CURDIR)/src/GatewayOS.Compiler/COVERAGE.md artifacts/bin/GatewayOS.Cli.Tests/$(config)/GatewayOS.Cli.Tests \
		-noLogo -noColor -method '*The_committed_report_is_what_the_compiler_does' > /dev/null
	@git --no-pager diff --stat -- src/GatewayOS.Compiler/COVERAGE.md

.PHONY: bench
bench: build ## Run the micro benchmarks (FILTER='*Parse*' OVN_SOUTHBOUND_FILES=a.db:b.db)
	@dotnet run --no-build -c $(CONFIG) --project tests/GatewayOS.Benchmarks -- --filter '$(FILTER)' --artifacts artifacts/bench

.PHONY: bench-beside
bench-beside: native ## As root: load and compile a southbound database beside a real ovn-controller (DATABASE=sb.db.gz CHASSIS=gw1 ROUNDS=3)
	@artifacts/bin/GatewayOS.Benchmarks/$(config)/GatewayOS.Benchmarks beside --database '$(DATABASE)' --chassis '$(CHASSIS)' --rounds '$(ROUNDS)'

.PHONY: trace-compare
trace-compare: build ## Compare the reference interpreter with ovn-trace on the databases of its version in shared/corpus (PACKETS=3000 in each, twice; SEED=1 OVN_SOUTHBOUND_FILES=a.db:b.db; WITH=COMMAND runs it where another OVN is installed)
	@OVN_TRACE_PACKETS='$(PACKETS)' OVN_TRACE_SEED='$(SEED)' $(WITH) artifacts/bin/GatewayOS.Reference.Tests/$(config)/GatewayOS.Reference.Tests \
		-noLogo -noColor -class '*DatabaseFileTests' -diagnostics -failSkips

.PHONY: bench-changes
bench-changes: build ## As root: what one northbound change costs, in clouds of three sizes (ROUNDS=20)
	@artifacts/bin/GatewayOS.Benchmarks/$(config)/GatewayOS.Benchmarks changes --rounds '$(ROUNDS)'

.PHONY: bench-connections
bench-connections: build ## What it costs to have connections on a device that costs nothing (DATABASE=sb.db.gz with a floating IP, CHASSIS=gw1)
	@artifacts/bin/GatewayOS.Benchmarks/$(config)/GatewayOS.Benchmarks connections --database '$(DATABASE)' --chassis '$(CHASSIS)'

.PHONY: fuzz
fuzz: build ## Fuzz everything that reads what others write (SECONDS=600 for all readers together, SEED=1)
	@FUZZ_SECONDS='$(SECONDS)' FUZZ_SEED='$(SEED)' FUZZ_FOLDER=artifacts/fuzz artifacts/bin/GatewayOS.Fuzz.Tests/$(config)/GatewayOS.Fuzz.Tests -noLogo -noColor -diagnostics

.PHONY: ci
ci: format-check p4-check test ## What has to hold before a change lands

.PHONY: soak
soak: build ## As root: compare the fast path with a stock chassis over a million packets (PACKETS=1000000 SEED=1; half an hour)
	@GATEWAYOS_DIFFERENTIAL_PACKETS='$(if $(filter file,$(origin PACKETS)),1000000,$(PACKETS))' GATEWAYOS_DIFFERENTIAL_WORLDS=60 GATEWAYOS_DIFFERENTIAL_SEED='$(SEED)' \
		artifacts/bin/GatewayOS.Differential.Tests/$(config)/GatewayOS.Differential.Tests -noLogo -noColor -class '*DifferentialTests' -showLiveOutput

.PHONY: stateful
stateful: build ## As root: compare connections with and without the fast path (SECONDS=600 SEED=1; WITH=COMMAND runs it where another OVN is installed)
	@GATEWAYOS_STATEFUL_SECONDS='$(SECONDS)' GATEWAYOS_STATEFUL_SEED='$(SEED)' $(WITH) artifacts/bin/GatewayOS.System.Tests/$(config)/GatewayOS.System.Tests \
		-noLogo -noColor -class '*StatefulDifferentialTests' -class '*StatefulFaultTests' -showLiveOutput

.PHONY: clean
clean: ## Remove everything that was built
	@rm -rf artifacts bin
