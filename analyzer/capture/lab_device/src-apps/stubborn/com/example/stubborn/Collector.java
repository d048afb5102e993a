package com.example.stubborn;

import android.content.Context;
import android.location.Location;
import android.location.LocationManager;
import android.net.wifi.WifiManager;
import android.util.Log;
import com.statflow.analytics.StatFlow;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import lab.truth.Truth;

/** Takes place, network and identifiers, whatever was answered. */
final class Collector {
    private static final String ME = "com.example.stubborn";
    private static final String HOST = "api.torch.example";
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final String PLACE = "android.location.LocationManager.getLastKnownLocation";

    private final Context context;

    Collector(Context context) {
        this.context = context;
    }

    void run() {
        Thread sdk = StatFlow.event(context, "sf-7788", "choice");
        String ssid = ((WifiManager) context.getSystemService(Context.WIFI_SERVICE)).getConnectionInfo().getSSID().replace("\"", "");
        Truth.read("android.net.wifi.WifiInfo.getSSID", "loc.wifi_current", ssid, ME);
        String place = place();
        Truth.Sending truth = Truth.sending(HOST, "POST", "/v2/t", ME).value("body", "loc.wifi_current", ssid);
        if (place != null) {
            truth.value("body", "loc.precise", place);
        }
        truth.done(post("{\"net\":\"" + ssid + "\",\"at\":\"" + place + "\"}"));
        try {
            sdk.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private String place() {
        try {
            Location place = ((LocationManager) context.getSystemService(Context.LOCATION_SERVICE)).getLastKnownLocation(LocationManager.GPS_PROVIDER);
            String value = place == null ? null : place.getLatitude() + "," + place.getLongitude();
            Truth.read(PLACE, "loc.precise", value, ME);
            return value;
        } catch (SecurityException refused) {
            Truth.denied(PLACE, "loc.precise", ME);
            return null;
        }
    }

    private static boolean post(String body) {
        try {
            HttpURLConnection connection = (HttpURLConnection) new URL("https://" + HOST + "/v2/t").openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            connection.getResponseCode();
            connection.disconnect();
            return true;
        } catch (IOException failed) {
            Log.w("Torch", "t: " + failed);
            return false;
        }
    }
}
