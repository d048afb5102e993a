package lab.http;

import android.util.Base64;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A WebSocket that says something and closes (RFC 6455); what it hears, it forgets. */
public final class WebSocket {
    public static final int NORMAL_CLOSURE = 1000;
    private static final SecureRandom RANDOM = new SecureRandom();
    private final SSLSocket socket;

    private WebSocket(SSLSocket socket) {
        this.socket = socket;
    }

    /** Whoever would hear. */
    public interface Listener {}

    static WebSocket open(URI uri) throws IOException {
        int port = uri.getPort() < 0 ? 443 : uri.getPort();
        SSLSocket socket = (SSLSocket) SSLSocketFactory.getDefault().createSocket(uri.getHost(), port);
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        if (!HttpsURLConnection.getDefaultHostnameVerifier().verify(uri.getHost(), socket.getSession())) {
            socket.close();
            throw new IOException("the certificate is not that of " + uri.getHost());
        }
        byte[] key = new byte[16];
        RANDOM.nextBytes(key);
        String asked = "GET " + uri.getRawPath() + " HTTP/1.1\r\nHost: " + uri.getHost() + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + Base64.encodeToString(key, Base64.NO_WRAP) + "\r\n\r\n";
        socket.getOutputStream().write(asked.getBytes(StandardCharsets.US_ASCII));
        String status = head(socket.getInputStream());
        if (!status.startsWith("HTTP/1.1 101")) {
            socket.close();
            throw new IOException("no WebSocket: " + status);
        }
        return new WebSocket(socket);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int letter = in.read();
            if (letter < 0 || text.length() > 16_384) {
                throw new IOException("no answer");
            }
            text.append((char) letter);
        }
        return text.substring(0, text.indexOf("\r\n"));
    }

    public CompletableFuture<WebSocket> sendText(CharSequence text, boolean last) {
        return frame(0x1, text.toString().getBytes(StandardCharsets.UTF_8), false);
    }

    public CompletableFuture<WebSocket> sendClose(int code, String reason) {
        return frame(0x8, new byte[] {(byte) (code >> 8), (byte) code}, true);
    }

    private CompletableFuture<WebSocket> frame(int kind, byte[] data, boolean close) {
        CompletableFuture<WebSocket> done = new CompletableFuture<>();
        try {
            byte[] mask = new byte[4];
            RANDOM.nextBytes(mask);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(0x80 | kind);
            if (data.length < 126) {
                out.write(0x80 | data.length);
            } else {
                out.write(0x80 | 126);
                out.write(data.length >> 8);
                out.write(data.length);
            }
            out.write(mask, 0, 4);
            for (int i = 0; i < data.length; i++) {
                out.write(data[i] ^ mask[i % 4]);
            }
            socket.getOutputStream().write(out.toByteArray());
            if (close) {
                socket.close();
            }
            done.complete(this);
        } catch (IOException failed) {
            done.completeExceptionally(failed);
        }
        return done;
    }
}
