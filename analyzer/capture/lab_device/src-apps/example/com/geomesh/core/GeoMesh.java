package com.geomesh.core;

import android.content.Context;
import android.location.Location;
import android.location.LocationManager;
import android.net.wifi.WifiInfo;
import android.net.wifi.WifiManager;
import android.util.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import lab.truth.Truth;

/** A location SDK: knows places by their networks. */
public final class GeoMesh {
    private static final String ME = "com.geomesh.core";
    private static final String HOST = "mesh.geomesh.example";
    private static final String LIVE = "live.geomesh.test";
    private static final String LAST = "android.location.LocationManager.getLastKnownLocation";

    private final Context context;
    private String ssid;
    private String bssid;
    private Location place;

    private GeoMesh(Context context) {
        this.context = context;
    }

    /** Does its work on its own thread. */
    public static void initialize(Context context) {
        new Thread(new GeoMesh(context)::run, "geomesh").start();
    }

    private void run() {
        WifiInfo wifi = ((WifiManager) context.getSystemService(Context.WIFI_SERVICE)).getConnectionInfo();
        ssid = wifi.getSSID().replace("\"", "");
        Truth.read("android.net.wifi.WifiInfo.getSSID", "loc.wifi_current", ssid, ME);
        bssid = wifi.getBSSID();
        Truth.read("android.net.wifi.WifiInfo.getBSSID", "loc.wifi_current", bssid, ME);
        try {
            place = ((LocationManager) context.getSystemService(Context.LOCATION_SERVICE)).getLastKnownLocation(LocationManager.NETWORK_PROVIDER);
            Truth.read(LAST, "loc.precise", place == null ? null : place.getLatitude() + "," + place.getLongitude(), ME);
        } catch (SecurityException refused) {
            Truth.denied(LAST, "loc.precise", ME);
        }
        Truth.Sending truth = Truth.sending(HOST, "POST", "/fp", ME).value("body", "loc.wifi_current", ssid, "protobuf").value("body", "loc.wifi_current", bssid, "protobuf");
        if (place != null) {
            truth.value("body", "loc.precise", place.getLatitude() + "," + place.getLongitude(), "protobuf");
        }
        truth.done(post());
        live();
    }

    private byte[] message() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text(out, 1, ssid);
        text(out, 2, String.valueOf(bssid));
        if (place != null) {
            fixed(out, 3, place.getLatitude());
            fixed(out, 4, place.getLongitude());
        }
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, int field, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.write(field << 3 | 2);
        out.write(bytes.length);
        out.write(bytes, 0, bytes.length);
    }

    private static void fixed(ByteArrayOutputStream out, int field, double value) {
        long bits = Double.doubleToLongBits(value);
        out.write(field << 3 | 1);
        for (int i = 0; i < 8; i++) {
            out.write((int) (bits >>> (8 * i)) & 0xFF);
        }
    }

    private boolean post() {
        try {
            HttpURLConnection connection = (HttpURLConnection) new URL("https://" + HOST + "/fp").openConnection();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setConnectTimeout(10_000);
            connection.setReadTimeout(10_000);
            connection.setRequestProperty("Content-Type", "application/x-protobuf");
            connection.getOutputStream().write(message());
            connection.getResponseCode();
            connection.disconnect();
            return true;
        } catch (IOException failed) {
            Log.w("GeoMesh", "fp: " + failed);
            return false;
        }
    }

    private void live() {
        Truth.Sending truth = Truth.sending(LIVE, "GET", "/live", ME).value("message", "loc.wifi_current", bssid);
        try {
            WebSocket socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create("wss://" + LIVE + "/live"), new WebSocket.Listener() {})
                .get(10, TimeUnit.SECONDS);
            socket.sendText("{\"here\":\"" + bssid + "\"}", true).get(10, TimeUnit.SECONDS);
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
            truth.done(true);
        } catch (Exception failed) {
            Log.w("GeoMesh", "live: " + failed);
            truth.done(false);
        }
    }
}
