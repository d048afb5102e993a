package com.example.compliant;

import android.util.Log;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/** Talks to the app's own server. */
final class Http {
    static final String HOST = "api.notes.example";
    private static final int TIMEOUT_MILLIS = 10_000;

    private Http() {}

    static boolean post(String path, String json) {
        try {
            HttpURLConnection connection = (HttpURLConnection) new URL("https://" + HOST + path).openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
            connection.getResponseCode();
            connection.disconnect();
            return true;
        } catch (IOException failed) {
            Log.w("Notes", path + ": " + failed);
            return false;
        }
    }
}
