package com.hostile;

import android.util.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Sends what is hard to read. */
final class Bodies {
    private static final int MILLION = 1_000_000;

    private Bodies() {}

    static void send() {
        try {
            byte[] noise = new byte[5 * MILLION];
            new Random(1).nextBytes(noise);
            post("noise", "application/octet-stream", "", noise);
            post("zeros", "text/plain", "", "0".repeat(5 * MILLION).getBytes());
            post("bomb", "application/json", "gzip", members(bomb(10), 1000));
            post("twice", "application/octet-stream", "gzip", squeeze(bomb(300)));
            post("thrice", "application/octet-stream", "", squeeze(squeeze(bomb(300))));
            post("nested", "application/json", "", ("[".repeat(300) + "1" + "]".repeat(300)).getBytes());
            post("abyss", "application/json", "", ("{\"a\":".repeat(200_000)).getBytes());
            post("xml", "text/xml", "", "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><a>&c;</a>".getBytes());
            post("keys", "application/json", "", keys());
            post("form", "application/x-www-form-urlencoded", "", "a=%ff%00&".repeat(200_000).getBytes());
            post("strings", "application/json", "", ("[" + "\"eyJhIjoiYiJ9\",".repeat(100_000) + "\"a\"]").getBytes());
            post("script", "text/html", "", "{\"<script>alert(1)</script>\":\"=cmd|'/C calc'!A0\\u001b[31m\\ud800\"}".getBytes());
            post("multipart", "multipart/form-data; boundary=x", "", ("--x\r\nContent-Disposition: form-data; name=\"" + "a".repeat(MILLION) + "\"\r\n\r\n").getBytes());
            post("charset", "text/plain; charset=utf-7\u00ff", "deflate, br, zstd, gzip, identity, x", noise);
            post("hex", "text/plain", "", "4a".repeat(MILLION).getBytes());
        } catch (IOException failed) {
            Log.w("hostile", "" + failed);
        }
        Log.w("hostile", "all bodies sent");
    }

    private static byte[] keys() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < 100_000; i++) {
            text.append("\"k").append(i).append("\":").append(i).append(',');
        }
        return text.append("\"z\":0}").toString().getBytes();
    }

    private static byte[] bomb(int megabytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out, 65536)) {
            byte[] zeros = new byte[MILLION];
            for (int i = 0; i < megabytes; i++) {
                zip.write(zeros);
            }
        }
        return out.toByteArray();
    }

    private static byte[] members(byte[] member, int count) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            out.write(member);
        }
        return out.toByteArray();
    }

    private static byte[] squeeze(byte[] data) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(data);
        }
        return out.toByteArray();
    }

    private static void post(String path, String type, String encoding, byte[] body) {
        try {
            HttpURLConnection connection = (HttpURLConnection) new URL("https://api.hostile.example/" + path).openConnection();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            connection.setRequestProperty("Content-Type", type);
            if (!encoding.isEmpty()) {
                connection.setRequestProperty("Content-Encoding", encoding);
            }
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            Log.w("hostile", path + " " + body.length + " " + connection.getResponseCode());
        } catch (IOException | RuntimeException failed) {
            Log.w("hostile", path + " " + failed);
        }
    }

    /** Speaks to the proxy by hand, as no HTTP client would. */
    static void headers() {
        String odd = "X-Odd: \u001b[31m<script>alert(1)</script>[bold]\u0007\u0001\u007f\u009b=cmd|x\r\nX-\u001bName: v\r\n";
        raw("GET http://a.example/?q=\u001b[2J%00<script> HTTP/1.1\r\nHost: a.example\r\n" + odd + "\r\n");
        raw("GET http://a.example/ HTTP/1.1\r\nHost: \u001b[31m<b>.example\r\n\r\n");
        raw("GET http://<script>alert(1)</script>.example/ HTTP/1.1\r\nHost: x\r\n\r\n");
        raw("GET http://xn--\u00ff\u00fe.example/ HTTP/1.1\r\nHost: \u00ff\r\n\r\n");
        raw("GET http://a_b..example/ HTTP/1.1\r\nHost: a_b..example\r\n\r\n");
        raw("GET http://" + "a".repeat(5000) + ".example/ HTTP/1.1\r\nHost: x\r\n\r\n");
        raw("GET http://[::1%25\u001b]/ HTTP/1.1\r\nHost: x\r\n\r\n");
        raw("GET http://a.example:99999/ HTTP/1.1\r\nHost: a.example\r\n\r\n");
        raw("\u001b[31mBREW http://a.example/ HTTP/9.9\r\n\r\n");
        raw("[bold]BREW http://a.example/" + "x".repeat(MILLION) + " HTTP/1.1\r\nHost: a.example\r\n\r\n");
        raw("POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n");
        raw("POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 99999999999999\r\n\r\nx");
        raw("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nCookie: " + "a=b; ".repeat(100_000) + "\r\n\r\n");
        raw("CONNECT \u001b[31m:443 HTTP/1.1\r\n\r\n");
        raw("CONNECT 127.0.0.1:22 HTTP/1.1\r\n\r\n");
        raw("\u0000\u0001\u0002");
        Log.w("hostile", "all headers sent");
    }

    private static void raw(String text) {
        int port = Integer.getInteger("http.proxyPort", 0);
        try (Socket socket = new Socket(Proxy.NO_PROXY)) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 3000);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getInputStream().read(new byte[1000]);
        } catch (IOException | RuntimeException failed) {
            Log.w("hostile", "" + failed);
        }
    }
}
