package program;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.CertificatePinner;
import org.chromium.net.CronetEngine;

/** Connects to a port by TLS with a trust manager of its own, and lets pins be checked; prints what came of each. */
public final class Pinned {
    private Pinned() {}

    public static void main(String[] args) {
        int port = Integer.parseInt(args[0]);
        say("own", () -> connect(port, new TrustManager[] {new Pin()}));
        say("system", () -> connect(port, null));
        say("okhttp", () -> {
            new CertificatePinner().check("a.example", List.of());
            return "passed";
        });
        say("cronet", () -> {
            CronetEngine.Builder builder = new CronetEngine.Builder();
            if (builder.addPublicKeyPins("a.example", Set.of(new byte[32]), true, new Date()) != builder) {
                return "lost its builder";
            }
            return builder.pins == 0 ? "unpinned" : "pinned";
        });
        Page page = new Page();
        page.onError("certificate", page);
        System.out.println("page " + page.outcome);
        System.out.println("given " + given());
        System.out.flush();
    }

    private static void say(String what, Callable<String> work) {
        try {
            System.out.println(what + " " + work.call());
        } catch (Exception refused) {
            System.out.println(what + " refused");
        }
    }

    private static String connect(int port, TrustManager[] trust) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust, null);
        try (Socket socket = context.getSocketFactory().createSocket("127.0.0.1", port)) {
            ((SSLSocket) socket).startHandshake();
            return "connected";
        }
    }

    /** Gives something back: it cannot be left out. */
    static int given() {
        return 7;
    }

    static final class Page {
        String outcome = "untouched";

        void onError(String error, Page handler) {
            handler.outcome = "cancelled for " + error;
        }

        void proceed() {
            outcome = "proceeded";
        }
    }

    private static final class Pin implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not the pinned one");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
