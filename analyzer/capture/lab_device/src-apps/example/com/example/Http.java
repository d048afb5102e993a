package com.example;

import android.util.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;

/** The app's own HTTP client. */
final class Http {
    private static final int TIMEOUT_MILLIS = 10_000;

    private Http() {}

    /** Posts a body and tells whether any answer came. */
    static boolean post(String url, String type, byte[] body) {
        try {
            HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", type);
            connection.setRequestProperty("User-Agent", "Weather/3.2.1 (Android)");
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            int status = connection.getResponseCode();
            try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                if (in != null) {
                    in.readAllBytes();
                }
            }
            return true;
        } catch (IOException failed) {
            Log.w("Weather", "post " + url + ": " + failed);
            return false;
        }
    }
}
