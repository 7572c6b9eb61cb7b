# `make` lists the targets. Each target installs what it needs, once, into .cache and node_modules.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:

# npm ci installs the pinned Node. All later commands use it.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# What Node compiles is kept: each command here starts a third faster.
export NODE_COMPILE_CACHE := $(CURDIR)/.cache/compiled

INSTALLED := .cache/npm-installed

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo '  make run CLAIM=examples/record-file/direct.yaml FILES=folder   run another claim with your own files'
	@echo '  make run KEEP=1                                                keep everything running until Ctrl-C'
	@echo '  make run EMULATOR_URL=http://127.0.0.1:4566                    use an emulator that already runs'
	@echo '  make e2e SUBSTRATE=host                                        use plain processes instead of kind, without Docker'
	@echo '  make e2e EMULATOR=ministack SCENARIOS=examples,drift KEEP=1    use another emulator, run some scenarios, keep it running'
	@echo '  make e2e IMAGE_MIRROR=registry.example.com/mirror              pull all images from a mirror; IMAGES=file.yaml for single ones'
	@echo '  make promote FROM=dev TO=staging CLAIM=orders DRY_RUN=1        show the change of one claim, without writing it'

# The pinned packages are installed again when the lock file changes. Only errors are shown: npm would warn that it runs on
# an older Node than the pinned one, which does no harm.
$(INSTALLED): package-lock.json package.json
	@command -v npm >/dev/null || { echo 'make: npm was not found. Install Node.js 20 or newer, which brings npm.' >&2; exit 1; }
	@echo 'Installing the pinned npm packages'
	@npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p .cache && touch $@

.PHONY: run
run: build ## Run a claim on an embedded AWS emulator: upload files, show the items
	@node local/run.ts

.PHONY: test
test: build ## Run all tests that need Node and Python alone
# The tests with the emulator wait half of the time, so that those without it run beside them; their output follows at the end.
	@[ ! -t 1 ] || export FORCE_COLOR=1; \
	vitest run --project unit > .cache/unit-tests.log 2>&1 & unit=$$!; trap 'kill $$unit' INT TERM; \
	vitest run --project emulator; emulator=$$?; \
	wait $$unit; unit=$$?; cat .cache/unit-tests.log; exit $$((emulator | unit))
	@echo 'make test-engines adds: rendering, admission, GitOps and health checks by the real Crossplane, API server, Argo CD, helm and kustomize, and the upload page in Chromium'

.PHONY: test-engines
test-engines: build ## Run the tests with the real Crossplane, API server, Argo CD, helm, kustomize and Chromium
	@node tools/programs/build.ts kustomize helm etcd kube-apiserver crossplane crossplane-cli argocd >/dev/null
	@vitest run --project engine --project browser

.PHONY: e2e
e2e: build ## Run the end-to-end scenarios on a real control plane, on kind or as plain processes
	@node local/front/build.ts
	@node e2e/main.ts

.PHONY: e2e-gitops
e2e-gitops: build ## Run the end-to-end scenarios with Argo CD, on kind or as plain processes
	@node local/front/build.ts
	@node e2e/gitops/main.ts

.PHONY: e2e-docs
e2e-docs: $(INSTALLED) ## Write the reports of the last end-to-end runs into docs
	@node e2e/report/document.ts

.PHONY: promote
promote: $(INSTALLED) ## Copy claims and revision FROM one environment TO the next, for a pull request
	@node argocd/promote.ts

.PHONY: plugin
plugin: $(INSTALLED) ## Bundle the kubectl plugin, kubectl fip, into dist/kubectl-fip
	@node plugin/build.ts

.PHONY: check
check: $(INSTALLED) ## Check all claims of all environments: admission, rendering, duplicate names
	@node argocd/check.ts

.PHONY: provider-policy
provider-policy: $(INSTALLED) ## Write the provider's IAM policies for your ACCOUNT and REGIONS into the folder OUT
	@node argocd/policy/generate.ts $(if $(ACCOUNT),--account $(ACCOUNT)) $(if $(REGIONS),--regions $(REGIONS)) $(if $(OUT),--out $(OUT)) $(ARGS)

.PHONY: bump
bump: $(INSTALLED) ## Write the next VERSION wherever it is named, and keep the older function
	@node argocd/bump.ts

.PHONY: images
images: $(INSTALLED) ## List the images that are pulled, and their names in IMAGE_MIRROR or IMAGES
	@node argocd/images.ts $(ARGS)

.PHONY: package
package: build ## Build the packages into dist/packages (needs Docker)
	@CROSSPLANE=$${CROSSPLANE:-$$(node tools/programs/build.ts crossplane-cli | cut -d' ' -f2)} && CROSSPLANE=$$CROSSPLANE node function/package.ts

.PHONY: lint
lint: $(INSTALLED) ## Check format, lint rules, types, what nothing uses, and generated files
	@biome ci --error-on-warnings
	@tsc -p tsconfig.json
	@tsc -p web/tsconfig.json
	@knip
	@node apis/generate.ts --check
	@node argocd/policy/generate.ts --check
	@node argocd/install/generate.ts --check
	@node argocd/platform/generate.ts --check
	@node function/diagrams.ts --check

.PHONY: format
format: $(INSTALLED) ## Format the sources
	@biome check --write

.PHONY: render
render: build ## Print the managed resources of CLAIM as YAML
	@node local/render.ts

.PHONY: generate
generate: $(INSTALLED) ## Write the types, field reference, IAM policy, provider packages and goldens; review the diff
	@node apis/generate.ts
	@node argocd/policy/generate.ts
	@node argocd/install/generate.ts
	@node argocd/platform/generate.ts
	@vitest run --project unit function --update

.PHONY: layer
layer: $(INSTALLED) ## Build the layer with sharp for ProcessImage, into dist/layer
	@node lambda/layer/build.ts

.PHONY: diagrams
diagrams: $(INSTALLED) ## Draw the state machines of the examples into docs/diagrams
	@node function/diagrams.ts

.PHONY: schemas
schemas: $(INSTALLED) ## Write the schemas in local from the CRDs of the provider and of Crossplane (needs Go)
	@node local/schemas.generate.ts

.PHONY: bench
bench: build ## Measure the function and the handlers, and compare with a baseline
	@node bench/main.ts

.PHONY: bench-gitops
bench-gitops: build ## Measure Argo CD with 1,000 claims in git, and compare with 10
	@node bench/gitops/main.ts

.PHONY: build
build: $(INSTALLED) ## Bundle the function and its handlers into dist
	@node function/build.ts

.PHONY: clean
clean: ## Remove everything that was installed or built
	@rm -rf dist node_modules .cache
	@echo 'removed dist, node_modules and .cache'
