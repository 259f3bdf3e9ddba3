# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # IN is the inputs' folder: the script `one` sets it
#
# servers.sh - servers under a bounded load, on unix sockets or a free port of 127.0.0.1
#
# The server runs under gridlock, its client does not; the server's exit status is compared.

# Prints a port at which nobody listens.
free_port()
{
    local port

    while port=$((20000 + RANDOM % 10000)); do
        (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || break
    done
    echo "$port"
}

program memcached "memcached libmemcached-tools"
run_memcached()
{
    local at=--servers=$PWD/socket

    serve memcached -u root -s "$PWD/socket" -t 4 -c 200
    until_works memcping "$at"
    memcslap "$at" --concurrency=8 --execute-number=2000 --test=set > log
    gl memcslap "$at" --concurrency=8 --execute-number=2000 --test=get > log
    memcslap "$at" --concurrency=8 --execute-number=500 --test=mget > log
    memcstat "$at" | grep -E 'cmd_set|threads' | sed 's/^[[:space:]]*//'
    stop
}

program redis "redis-server redis-tools"
run_redis()
{
    serve redis-server --port 0 --unixsocket "$PWD/socket" --io-threads 2 \
        --io-threads-do-reads yes --appendonly yes --save '' --dir "$PWD" > log
    until_works redis-cli -s socket ping
    redis-benchmark -s socket -q -c 20 -n 5000 -P 8 -r 1000 -t set,get,lpush,sadd > /dev/null
    gl redis-benchmark -s socket -q -c 20 -n 3000 --threads 2 -t set,get > /dev/null
    redis-cli -s socket set last 1
    redis-cli -s socket flushall async
    redis-cli -s socket bgrewriteaof > /dev/null
    redis-cli -s socket set last 2
    sleep 0.5
    redis-cli -s socket dbsize
    stop
}

program nginx "nginx-core wrk curl"
run_nginx()
{
    local port

    port=$(free_port)
    cp "$IN/text" page
    cat > nginx.conf <<CONF
user root;
daemon off;
worker_processes 2;
thread_pool default threads=8 max_queue=65536;
pid $PWD/pid;
error_log $PWD/error.log;
events { worker_connections 256; }
http {
    access_log $PWD/access.log;
    client_body_temp_path $PWD/1; proxy_temp_path $PWD/2; fastcgi_temp_path $PWD/3;
    uwsgi_temp_path $PWD/4; scgi_temp_path $PWD/5;
    server { listen 127.0.0.1:$port; root $PWD; aio threads; sendfile on; output_buffers 2 64k; }
}
CONF
    serve nginx -p "$PWD" -c "$PWD/nginx.conf"
    until_works curl -sSf "http://127.0.0.1:$port/nginx.conf"
    wrk -t 2 -c 16 -d 1s "http://127.0.0.1:$port/nginx.conf" > log
    gl wrk -t 2 -c 8 -d 1s "http://127.0.0.1:$port/page" >> log
    grep -c -E 'Non-2xx|connect [1-9]' log
    curl -sS "http://127.0.0.1:$port/page" | sha256sum
    kill -HUP "$server"
    sleep 0.3
    curl -sS "http://127.0.0.1:$port/page" | sha256sum
    stop QUIT
}

program apache "apache2-bin wrk curl"
run_apache()
{
    local port modules=/usr/lib/apache2/modules

    port=$(free_port)
    cp "$IN/film.yuv" page
    cat > apache.conf <<CONF
ServerRoot $PWD
ServerName localhost
PidFile $PWD/pid
ErrorLog $PWD/error.log
DefaultRuntimeDir $PWD
Listen 127.0.0.1:$port
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
User www-data
Group www-data
StartServers 2
ThreadsPerChild 8
MaxRequestWorkers 32
DocumentRoot $PWD
CONF
    serve /usr/sbin/apache2 -f "$PWD/apache.conf" -DFOREGROUND
    until_works curl -sSf "http://127.0.0.1:$port/apache.conf"
    wrk -t 2 -c 16 -d 1s "http://127.0.0.1:$port/page" > log
    grep -c -E 'Non-2xx|connect [1-9]' log
    curl -sS "http://127.0.0.1:$port/page" | sha256sum
    stop
}

program haproxy "haproxy wrk curl"
run_haproxy()
{
    local port

    port=$(free_port)
    cat > haproxy.conf <<CONF
global
    nbthread 4
    stats socket $PWD/stats
defaults
    mode http
    timeout client 5s
    timeout server 5s
    timeout connect 5s
frontend a
    bind 127.0.0.1:$port
    http-request return status 200 content-type text/plain string answer
CONF
    serve haproxy -q -db -f haproxy.conf
    until_works curl -sSf "http://127.0.0.1:$port/"
    wrk -t 2 -c 16 -d 1s "http://127.0.0.1:$port/" > log
    grep -c -E 'Non-2xx|connect [1-9]' log
    curl -sS "http://127.0.0.1:$port/"
    echo
    stop USR1
}

program varnish "varnish gcc wrk curl"
run_varnish()
{
    local port

    port=$(free_port)
    cat > default.vcl <<'VCL'
vcl 4.1;
backend none none;
sub vcl_recv { return (synth(200, "answer")); }
VCL
    serve /usr/sbin/varnishd -F -j none -n "$PWD/v" -a "127.0.0.1:$port" -f "$PWD/default.vcl" \
        -s malloc,16m > log 2>&1
    until_works curl -sSf "http://127.0.0.1:$port/"
    wrk -t 2 -c 16 -d 1s "http://127.0.0.1:$port/" > log2
    grep -c -E 'Non-2xx|connect [1-9]' log2
    curl -sS "http://127.0.0.1:$port/" | grep -c answer
    stop
}

# Two names, and fifty questions for one of them.
write_zone()
{
    printf 'example. 60 SOA a.example. b.example. 1 60 60 60 60\nexample. 60 NS a.example.\n' > zone
    printf 'a.example. 60 A 192.0.2.1\none.example. 60 A 192.0.2.2\n' >> zone
}

ask_zone()
{
    until_works sh -c "kdig @127.0.0.1 -p $1 +time=1 +short one.example | grep -q 192"
    for ((i = 0; i < 50; i++)); do
        kdig @127.0.0.1 -p "$1" +short one.example
    done | sort | uniq -c
}

program unbound "unbound knot-dnsutils"
run_unbound()
{
    local port

    port=$(free_port)
    cat > unbound.conf <<CONF
server:
    num-threads: 4
    interface: 127.0.0.1@$port
    username: ""
    chroot: ""
    directory: "$PWD"
    pidfile: "$PWD/pid"
    use-syslog: no
    local-data: "one.example. IN A 192.0.2.1"
CONF
    serve /usr/sbin/unbound -d -c "$PWD/unbound.conf" 2> log
    ask_zone "$port"
    stop
}

program bind "bind9 knot-dnsutils"
run_bind()
{
    local port

    port=$(free_port)
    cat > named.conf <<CONF
options {
    directory "$PWD"; pid-file "$PWD/pid"; session-keyfile "$PWD/key"; recursion no;
    listen-on port $port { 127.0.0.1; }; listen-on-v6 { none; }; dnssec-validation no;
};
controls { };
zone "example" { type primary; file "$PWD/zone"; };
CONF
    write_zone
    serve /usr/sbin/named -f -n 4 -c "$PWD/named.conf" 2> log
    ask_zone "$port"
    stop
}

program knot "knot knot-dnsutils"
run_knot()
{
    local port

    port=$(free_port)
    mkdir run
    cat > knot.conf <<CONF
server:
    rundir: "$PWD/run"
    listen: 127.0.0.1@$port
    udp-workers: 2
    tcp-workers: 2
    background-workers: 2
database:
    storage: "$PWD"
zone:
  - domain: example
    storage: "$PWD"
    file: zone
CONF
    write_zone
    serve knotd -c "$PWD/knot.conf" > log 2>&1
    ask_zone "$port"
    stop
}

program mosquitto "mosquitto mosquitto-clients"
run_mosquitto()
{
    local port

    port=$(free_port)
    printf 'listener %s 127.0.0.1\nallow_anonymous true\nuser root\n' "$port" > conf
    serve mosquitto -c conf 2> log
    until_works mosquitto_pub -p "$port" -t up -m 1
    gl mosquitto_sub -p "$port" -t numbers -q 1 -C 500 > got &
    sleep 0.5
    seq 500 | gl mosquitto_pub -p "$port" -t numbers -q 1 -l
    wait $!
    sort -n got | sha256sum
    stop
}
