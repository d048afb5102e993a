package program;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Speaks TLS through a proxy, whose own certificates it refuses for `left.*`: two posts to each host, and many bytes to the first. */
public final class Tapped {
    private Tapped() {}

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        int size = Integer.parseInt(args[1]);
        Proxy proxy = new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", port));
        for (int at = 2; at < args.length; at++) {
            for (String name : new String[] {"one", "two"}) {
                System.out.println(args[at] + " " + post(proxy, args[at], "/" + name, "{\"imei\":\"490154203237518\"}"));
            }
        }
        if (size > 0) {
            System.out.println("large " + post(proxy, args[2], "/large", "a".repeat(size)));
        }
        System.out.flush();
    }

    private static String post(Proxy proxy, String host, String path, String body) {
        try {
            HttpsURLConnection connection = (HttpsURLConnection) new URL("https://" + host + path).openConnection(proxy);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Trusting(!host.startsWith("left."))}, null);
            connection.setSSLSocketFactory(context.getSocketFactory());
            connection.setHostnameVerifier((name, session) -> true);
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            return connection.getResponseCode() + " " + new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.io.IOException | GeneralSecurityException refused) {
            return "refused";
        }
    }

    private static final class Trusting implements X509TrustManager {
        private final boolean all;

        Trusting(boolean all) {
            this.all = all;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            if (!all && chain[0].getIssuerX500Principal().getName().contains("mitmproxy")) {
                throw new CertificateException("not the pinned one");
            }
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
