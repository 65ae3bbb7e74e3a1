# The packages are installed in a stage of their own, so that pip and its cache stay out of the image.
FROM python:3.13-slim AS packages
RUN python -m venv /opt/venv
COPY requirements/run.txt /tmp/run.txt
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/run.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin archive \
    && install -d -o archive /srv/archive /srv/archive/media /srv/archive/collected /srv/archive/edge
WORKDIR /srv/archive
COPY --from=packages /opt/venv /opt/venv
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=caucasus.settings \
    STATIC_ROOT=/srv/archive/collected \
    MEDIA_ROOT=/srv/archive/media \
    GRANIAN_INTERFACE=wsgi \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000 \
    GRANIAN_WORKERS=2 \
    GRANIAN_BLOCKING_THREADS=4 \
    GRANIAN_WEBSOCKETS=false \
    GRANIAN_RESPAWN_FAILED_WORKERS=true \
    GRANIAN_WORKERS_KILL_TIMEOUT=20
USER archive
# As the user who writes them anew into a volume. The key signs nothing: collectstatic only cannot read the settings without one.
RUN SECRET_KEY=only-to-collect-static-files python manage.py collectstatic --no-input
EXPOSE 8000
VOLUME /srv/archive/media
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz/', timeout=4)"]
CMD ["granian", "caucasus.wsgi:application"]
