# One image for every command: serve, migrate, doctor and the others.
# Which packages it holds is fixed by hash; what runs here is neither root nor able to change them.

FROM python:3.13-slim AS packages
COPY requirements.lock /build/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /build/requirements.lock

FROM python:3.13-slim
COPY --from=packages /venv /venv
COPY manifest.yml /opt/ai-incident/
COPY docs/containment_receiver.py /opt/ai-incident/docs/
COPY app /opt/ai-incident/app
RUN /venv/bin/python -m compileall -q /opt/ai-incident/app \
 && install -d -o 10001 -g 10001 /data

ENV PATH=/venv/bin:$PATH PYTHONPATH=/opt/ai-incident PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 PORT=3000 LOG_FORMAT=json
USER 10001:10001
# The SQLite file, where DATABASE_URL names no other database, is made in the working directory.
WORKDIR /data
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT') or 3000}/readyz\", timeout=5)"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve"]
