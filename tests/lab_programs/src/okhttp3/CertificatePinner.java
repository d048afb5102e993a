package okhttp3;

import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The door of OkHttp's class through which pins are checked; here no chain has one. */
public final class CertificatePinner {
    public void check(String host, List<Certificate> chain) throws SSLPeerUnverifiedException {
        throw new SSLPeerUnverifiedException("no pin of " + host);
    }
}
