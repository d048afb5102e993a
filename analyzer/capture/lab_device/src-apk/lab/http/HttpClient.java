package lab.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** As much of Java's own HTTP client, which Android does not have, as the lab's app uses. */
public final class HttpClient {
    private HttpClient() {}

    public enum Version { HTTP_1_1, HTTP_2 }

    public static HttpClient newHttpClient() {
        return new HttpClient();
    }

    public static Builder newBuilder() {
        return new Builder();
    }

    public static final class Builder {
        private Builder() {}

        /** Android's client speaks HTTP/1.1, whatever is preferred. */
        public Builder version(Version preferred) {
            return this;
        }

        public HttpClient build() {
            return new HttpClient();
        }
    }

    /** Sends a GET request and reads its answer. */
    public HttpResponse send(HttpRequest request, HttpResponse.BodyHandler handler) throws IOException, InterruptedException {
        HttpURLConnection connection = (HttpURLConnection) request.uri().toURL().openConnection();
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(10_000);
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new HttpResponse(status, in == null ? new byte[0] : Text.readAll(in));
        } finally {
            connection.disconnect();
        }
    }

    public WebSocketBuilder newWebSocketBuilder() {
        return new WebSocketBuilder();
    }

    public static final class WebSocketBuilder {
        private WebSocketBuilder() {}

        public CompletableFuture<WebSocket> buildAsync(URI uri, WebSocket.Listener listener) {
            CompletableFuture<WebSocket> future = new CompletableFuture<>();
            try {
                future.complete(WebSocket.open(uri));
            } catch (IOException failed) {
                future.completeExceptionally(failed);
            }
            return future;
        }
    }
}
