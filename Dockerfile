# The book in one image: JupyterLab on the chapters, and all that builds them.
#
#   docker build --tag from-scratch-to-gluon .
#   docker run --rm -p 127.0.0.1:8888:8888 from-scratch-to-gluon
#
# Arguments (--build-arg NAME=VALUE):
#   ENGINE what computes: mxnet, on amd64 alone, or torch, the book's engine
#          on PyTorch. Without it the processor decides: mxnet with
#          --platform linux/amd64, torch with --platform linux/arm64
#   DATA   (1) the data sets; those in a folder `data` beside this file, if
#          there is one, are not downloaded. With 0 chapters download what
#          they need to /opt/data when they run
#   FONTS  (0) Noto CJK for Chinese in plots, 93 MB more, in place of a small
#          font, WenQuanYi Micro Hei
#   LATEX  (0) what the printed book needs, the fonts included: 1.2 GB more
ARG BASE=python:3.11.15-slim-bookworm

FROM ${BASE} AS system
# Debian keeps only the newest version of a package: nothing to pin. MXNet
# needs libquadmath0, which there is for its processor alone
# hadolint ignore=DL3008,SC2086
RUN if [ "$(dpkg --print-architecture)" = amd64 ]; then more=libquadmath0; fi \
 && apt-get update \
 && apt-get install -y --no-install-recommends libgomp1 tini $more \
 && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/venv/bin:$PATH LANG=C.UTF-8 BOOK_DATA=/opt/data

FROM system AS build
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends binutils \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/book
COPY requirements.txt requirements-torch.txt requirements-pytorch-cpu.txt \
  requirements-image.txt ./
COPY engine/README.md engine/pyproject.toml engine/
COPY book/tools/image/packages.sh book/tools/image/
ARG ENGINE
RUN python3 -m venv /opt/venv \
 && book/tools/image/packages.sh "$ENGINE"
COPY . .
ARG DATA=1
RUN mkdir -p data \
 && mv data /opt/data \
 && if [ "$DATA" = 1 ]; then BOOK_STAND_IN=never python -m book data; \
    else chmod 1777 /opt/data; fi
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e . \
 && jupyter labextension disable @jupyterlab/apputils-extension:announcements \
 && book/tools/image/teacher.sh \
 && rm -rf _build \
 && ln -s /home/reader/_build _build \
 && python -m compileall -q book engine from_scratch_to_gluon utils*.py \
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
    else packages=fonts-wqy-microhei; fi \
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
