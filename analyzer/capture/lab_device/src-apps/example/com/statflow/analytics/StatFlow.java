package com.statflow.analytics;

import android.content.Context;
import android.telephony.TelephonyManager;
import android.util.Base64;
import android.util.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.NetworkInterface;
import java.net.URL;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import lab.truth.Truth;

/** An analytics SDK: counts devices by their identifiers. */
public final class StatFlow {
    private static final String ME = "com.statflow.analytics";
    private static final String HOST = "collect.statflow.example";
    private static final String SALT = "sf-salt-2f7c:";

    private final Context context;
    private final String key;
    private String imsi;
    private String mac;

    private StatFlow(Context context, String key) {
        this.context = context;
        this.key = key;
    }

    /** Collects on the caller's thread and sends on another one. */
    public static void init(Context context, String key) {
        StatFlow flow = new StatFlow(context, key);
        flow.collect();
        new Thread(flow::report, "statflow").start();
    }

    private void collect() {
        try {
            imsi = ((TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE)).getSubscriberId();
            Truth.read("android.telephony.TelephonyManager.getSubscriberId", "id.imsi", imsi, ME);
        } catch (SecurityException refused) {
            Truth.denied("android.telephony.TelephonyManager.getSubscriberId", "id.imsi", ME);
        }
        mac = hardwareAddress();
        Truth.read("java.net.NetworkInterface.getHardwareAddress", "id.mac_wifi", mac, ME);
    }

    private static String hardwareAddress() {
        try {
            NetworkInterface wifi = NetworkInterface.getByName("wlan0");
            byte[] bytes = wifi == null ? null : wifi.getHardwareAddress();
            if (bytes == null) {
                return null;
            }
            StringBuilder text = new StringBuilder();
            for (byte part : bytes) {
                text.append(text.length() == 0 ? "" : ":").append(String.format("%02x", part));
            }
            return text.toString();
        } catch (IOException none) {
            return null;
        }
    }

    private void report() {
        String ids = "{\"k\":\"" + key + "\",\"imsi\":\"" + imsi + "\",\"mac\":\"" + mac + "\"}";
        Truth.Sending named = Truth.sending(HOST, "POST", "/gz", ME).value("body", "id.imsi", imsi, "gzip").value("body", "id.mac_wifi", mac, "gzip");
        named.done(post("/gz", gzip(ids), "application/json", "gzip"));
        Truth.Sending silent = Truth.sending(HOST, "POST", "/blob", ME).value("body", "id.imsi", imsi, "gzip");
        silent.done(post("/blob", gzip("imsi=" + imsi), "application/octet-stream", null));
        Truth.Sending deflated = Truth.sending(HOST, "POST", "/z", ME).value("body", "id.mac_wifi", mac, "zlib");
        deflated.done(post("/z", zlib("{\"wifi\":{\"mac\":\"" + mac + "\"}}"), "application/octet-stream", null));
        query();
        digests();
    }

    private void query() {
        String packed = Base64.encodeToString(("imsi=" + imsi + ";v=1").getBytes(StandardCharsets.UTF_8), Base64.NO_WRAP);
        Truth.Sending truth = Truth.sending(HOST, "GET", "/pixel", ME).value("query", "id.imsi", imsi, "base64");
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + HOST + "/pixel?d=" + URLEncoder.encode(packed, StandardCharsets.UTF_8))).build();
        try {
            HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
            client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            truth.done(true);
        } catch (IOException failed) {
            Log.w("StatFlow", "pixel: " + failed);
            truth.done(false);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            truth.done(false);
        }
    }

    private void digests() {
        String body = "{\"md5\":\"" + hash("MD5", imsi) + "\",\"sha1\":\"" + hash("SHA-1", imsi) + "\",\"sha256\":\"" + hash("SHA-256", mac)
            + "\",\"uid\":\"" + hash("SHA-256", SALT + imsi) + "\"}";
        Truth.Sending truth = Truth.sending(HOST, "POST", "/hashed", ME).value("body", "id.imsi", imsi, "md5").value("body", "id.imsi", imsi, "sha1")
            .value("body", "id.mac_wifi", mac, "sha256").value("body", "id.imsi", imsi, "salted_sha256");
        truth.done(post("/hashed", body.getBytes(StandardCharsets.UTF_8), "application/json", null));
    }

    private static String hash(String algorithm, String text) {
        try {
            StringBuilder hex = new StringBuilder();
            for (byte part : MessageDigest.getInstance(algorithm).digest(String.valueOf(text).getBytes(StandardCharsets.UTF_8))) {
                hex.append(String.format("%02x", part));
            }
            return hex.toString();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    private static byte[] zlib(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    private static boolean post(String path, byte[] body, String type, String encoding) {
        try {
            HttpURLConnection connection = (HttpURLConnection) new URL("https://" + HOST + path).openConnection();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setConnectTimeout(10_000);
            connection.setReadTimeout(10_000);
            connection.setRequestProperty("Content-Type", type);
            if (encoding != null) {
                connection.setRequestProperty("Content-Encoding", encoding);
            }
            connection.getOutputStream().write(body);
            connection.getResponseCode();
            connection.disconnect();
            return true;
        } catch (IOException failed) {
            Log.w("StatFlow", path + ": " + failed);
            return false;
        }
    }
}
