# The verbs of the portal: make run, make test, and the few others.

# Without a .env, a trial: DEMO=1. With one, what it says. DEMO=0 make run turns the trial off.
ifeq ($(origin DEMO),undefined)
  ifeq ($(wildcard .env),)
    DEMO := 1
  endif
endif
ifneq ($(DEMO),)
  export DEMO
endif

PY := .venv/bin/python
LINTERS := lint-format lint-code lint-types lint-templates lint-migrations lint-standards
.PHONY: help run test lint $(LINTERS) demo bench clean locks

help:
	@echo "make run    启动门户：http://127.0.0.1:8000/（PORT、HOST 可改；DEMO=0 关闭演示方式）"
	@echo "make demo   载入或更新演示数据"
	@echo "make test   运行全部测试（DATABASE_URL=postgres://… 用 PostgreSQL）"
	@echo "make lint   检查格式、类型、模板、迁移"
	@echo "make bench  测速"
	@echo "make clean  删除虚拟环境和缓存，保留 data/"

# the web server and the worker for long exports, until Ctrl+C (Procfile)
run: .venv/.stamp
	@$(PY) manage.py setup
	@exec .venv/bin/honcho start --no-prefix --no-colour

demo: .venv/.stamp
	@$(PY) manage.py setup
	@$(PY) manage.py load_demo

test: .venv/.stamp-dev
	@$(PY) -m pytest -n auto $(ARGS)

# make -k lint goes on to the next after one has failed
lint: $(LINTERS)

lint-format: .venv/.stamp-dev
	@.venv/bin/ruff format --check .
lint-code: .venv/.stamp-dev
	@.venv/bin/ruff check .
lint-types: .venv/.stamp-dev
	@.venv/bin/mypy .
lint-templates: .venv/.stamp-dev
	@.venv/bin/djlint templates --lint --quiet
lint-migrations: .venv/.stamp-dev
	@DEMO=1 $(PY) manage.py makemigrations --check --dry-run
lint-standards: .venv/.stamp-dev
	@DEMO=1 $(PY) manage.py load_standards --check

bench: .venv-bench/.stamp
	@DEMO=1 .venv-bench/bin/python -m bench.run $(ARGS)

clean:
	rm -rf .venv .venv-bench .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results

.venv/.stamp: requirements.lock
	@echo "安装依赖（只在第一次或依赖变化时）……"
	@bin/venv .venv requirements.lock
	@touch $@

.venv/.stamp-dev: requirements-dev.lock
	@echo "安装开发依赖（只在第一次或依赖变化时）……"
	@bin/venv .venv requirements-dev.lock
	@touch .venv/.stamp $@

.venv-bench/.stamp: requirements-bench.lock
	@bin/venv .venv-bench requirements-bench.lock
	@touch $@

# Make the locks again, with uv: after a change of pyproject.toml.
LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml
locks:
	$(LOCK) -o requirements.lock
	$(LOCK) --extra dev -o requirements-dev.lock
	$(LOCK) --extra bench -o requirements-bench.lock
