# The book in one image: JupyterLab on the chapters, and all that builds them.
#
#   docker build --tag from-scratch-to-gluon .
#   docker run --rm -p 127.0.0.1:8888:8888 from-scratch-to-gluon
#
# Arguments (--build-arg NAME=1 or NAME=0):
#   DATA   (1) the data sets; those in a folder `data` beside this file, if
#          there is one, are not downloaded. With 0 chapters download what
#          they need to /opt/data when they run
#   FONTS  (0) Noto CJK, for Chinese in plots
#   LATEX  (0) what the printed book needs, the fonts included: 1.2 GB more
ARG BASE=python:3.11.15-slim-bookworm

FROM ${BASE} AS system
# Debian keeps only the newest version of a package: nothing to pin
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgomp1 libquadmath0 tini \
 && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/venv/bin:$PATH LANG=C.UTF-8 BOOK_DATA=/opt/data

FROM system AS build
WORKDIR /opt/book
COPY requirements.txt requirements-image.txt ./
# The packages' own tests weigh much, and so do the pages of a hub, which is
# another machine's business
RUN python3 -m venv /opt/venv \
 && pip install --no-cache-dir --require-hashes -r requirements.txt \
      -r requirements-image.txt \
 && find /opt/venv -depth -type d -name tests -exec rm -r {} + \
 && rm -r /opt/venv/share/jupyterhub/static/components
COPY . .
ARG DATA=1
RUN mkdir -p data \
 && mv data /opt/data \
 && if [ "$DATA" = 1 ]; then BOOK_STAND_IN=never python -m book data; \
    else chmod 1777 /opt/data; fi
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e . \
 && jupyter labextension disable @jupyterlab/apputils-extension:announcements \
 && ln -s /home/reader/_build _build \
 && python -m compileall -q book from_scratch_to_gluon utils*.py \
 && chmod -R a+rX /opt

FROM system
ARG FONTS=0
ARG LATEX=0
# hadolint ignore=DL3008,SC2086
RUN if [ "$LATEX" = 1 ]; then packages="texlive-xetex texlive-lang-chinese \
      texlive-latex-extra texlive-fonts-recommended fonts-freefont-otf \
      fonts-texgyre fonts-texgyre-math latexmk fonts-dejavu-core \
      fonts-noto-cjk libcairo2"; \
    elif [ "$FONTS" = 1 ]; then packages=fonts-noto-cjk; \
    else exit 0; fi \
 && apt-get update \
 && apt-get install -y --no-install-recommends $packages \
 && rm -rf /var/lib/apt/lists/*
# A login shell, as in JupyterLab's terminal, forgets PATH
RUN echo "PATH=$PATH" > /etc/profile.d/book.sh \
 && useradd --uid 1000 --create-home --shell /bin/bash reader \
 && install -d -o reader -g reader /home/reader/book /home/reader/_build
COPY --from=build /opt /opt
ENV HOME=/home/reader
WORKDIR /home/reader
USER 1000
EXPOSE 8888
HEALTHCHECK --start-period=60s CMD ["python", "/opt/book/book/tools/image/health.py"]
ENTRYPOINT ["tini", "--", "/opt/book/book/tools/image/start.sh"]
