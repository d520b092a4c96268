# Two commands are enough: `make demo` and `make test`. `make help` lists the others.
PYTHON ?= python3
RUN = $(PYTHON) -m scripts

.PHONY: help demo stop clean test lint bench shell i18n screenshots import-fhir

help:
	@$(RUN) --help

demo:  ## the demo hospital on a loopback address (PORT=8069, LOCALE=zh_CN|en_US)
	@$(RUN) demo --port "$(or $(PORT),8069)" --locale "$(or $(LOCALE),zh_CN)"

stop:  ## stop the demo server and its database server
	@$(RUN) stop

clean:  ## stop, and delete all this checkout made; the shared cache stays
	@$(RUN) clean

test:  ## everything CI runs; T=patient_relations or T=path/to/test_file.py for a part
	@$(RUN) test $(T)

lint:
	@$(RUN) lint

bench:  ## the table of measurements (SCALE=1000000 for the large name search)
	@$(RUN) bench $(if $(SCALE),--scale $(SCALE)) $(ONLY)

shell:  ## a Python shell on the demo hospital
	@$(RUN) shell

i18n:  ## export the .pot files, merge them into zh_CN.po, report what is missing
	@$(RUN) i18n

screenshots:
	@$(RUN) screenshots

import-fhir:  ## SRC=file.json, a folder, or a zip, into the demo hospital
	@$(RUN) import-fhir "$(SRC)"
