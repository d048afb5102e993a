package a.a;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;

public final class a {
    private final String b;

    public a(String host) {
        b = host;
    }

    public boolean a(String path, String body, String id) {
        try {
            HttpURLConnection c = (HttpURLConnection) new URL("https://" + b + path).openConnection();
            c.setRequestMethod("POST");
            c.setDoOutput(true);
            c.setConnectTimeout(10_000);
            c.setReadTimeout(10_000);
            c.setRequestProperty("Content-Type", body.indexOf('=') > 0 && body.indexOf('&') > 0 ? "application/x-www-form-urlencoded" : "text/plain");
            if (id != null) {
                c.setRequestProperty("X-Device", id);
            }
            c.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            c.getResponseCode();
            c.disconnect();
            return true;
        } catch (IOException failed) {
            return false;
        }
    }
}
