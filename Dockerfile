# The course in JupyterLab, for an ordinary user; README.md says how to start it.

FROM python:3.11-slim

RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap git make \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --create-home --shell /bin/bash learner \
    && install --directory --owner learner --group learner /opt/venv /course /course/work
USER learner
WORKDIR /course
ENV VIRTUAL_ENV=/opt/venv PATH=/opt/venv/bin:$PATH

COPY --chown=learner:learner . .
RUN python -m venv /opt/venv \
    && pip install --no-cache-dir --requirement binder/requirements.txt

EXPOSE 8888
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--port=8888", "--no-browser"]
