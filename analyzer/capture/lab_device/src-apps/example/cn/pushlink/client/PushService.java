package cn.pushlink.client;

import android.app.Service;
import android.content.Context;
import android.content.Intent;
import android.os.IBinder;
import android.provider.Settings;
import android.telephony.TelephonyManager;
import android.util.Log;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import lab.truth.Truth;

/** Registers the device with the push service. */
public class PushService extends Service {
    private static final String ME = "cn.pushlink.client";
    private static final String HOST = "reg.pushlink.example";
    private static final String PINNED = "pin.pushlink.test";
    private static final String BOUNDARY = "pl7MA4YWxkTrZu0gW";

    private String imei;
    private String androidId;

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }

    @Override
    public int onStartCommand(Intent intent, int flags, int startId) {
        androidId = Settings.Secure.getString(getContentResolver(), Settings.Secure.ANDROID_ID);
        Truth.read("android.provider.Settings$Secure.getString", "id.android_id", androidId, ME);
        try {
            imei = ((TelephonyManager) getSystemService(Context.TELEPHONY_SERVICE)).getDeviceId(0);
            Truth.read("android.telephony.TelephonyManager.getDeviceId", "id.imei", imei, ME);
        } catch (SecurityException refused) {
            Truth.denied("android.telephony.TelephonyManager.getDeviceId", "id.imei", ME);
        }
        new Thread(this::register, "pushlink").start();
        return START_STICKY;
    }

    private void register() {
        String body = part("android_id", androidId) + part("imei", imei) + "--" + BOUNDARY + "--\r\n";
        Truth.Sending truth = Truth.sending(HOST, "POST", "/register", ME).value("body", "id.android_id", androidId, "multipart").value("body", "id.imei", imei, "multipart");
        truth.done(post("https://" + HOST + "/register", body, null));
        Truth.Sending pinned = Truth.sending(PINNED, "POST", "/token", ME).value("body", "id.imei", imei);
        pinned.done(post("https://" + PINNED + "/token", "{\"imei\":\"" + imei + "\"}", pinnedContext()));
    }

    private static String part(String name, String value) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private static boolean post(String url, String body, SSLContext trust) {
        try {
            HttpsURLConnection connection = (HttpsURLConnection) new URL(url).openConnection();
            if (trust != null) {
                connection.setSSLSocketFactory(trust.getSocketFactory());
            }
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setConnectTimeout(10_000);
            connection.setReadTimeout(10_000);
            connection.setRequestProperty("Content-Type", trust == null ? "multipart/form-data; boundary=" + BOUNDARY : "application/json");
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            connection.getResponseCode();
            connection.disconnect();
            return true;
        } catch (IOException failed) {
            Log.w("PushLink", url + ": " + failed);
            return false;
        }
    }

    /** Trusts one certificate only, which no proxy has. */
    private static SSLContext pinnedContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Pin()}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static final class Pin implements X509TrustManager {
        private static final String KEY = "sha256/7HIpactkIAq2Y49orFOOQKurWxmmSFZhBCoQYcRhJ3Y=";

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("the certificate of " + chain[0].getSubjectX500Principal() + " is not pinned " + KEY);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
