#!/bin/sh
# A browser for the tests of the review page. As root on Debian it is installed; elsewhere those tests are skipped without.
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
  >/dev/null 2>&1 || echo "chromium could not be installed; the browser tests will be skipped" >&2
