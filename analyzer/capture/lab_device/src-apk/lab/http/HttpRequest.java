package lab.http;

import java.net.URI;

/** A GET request. */
public final class HttpRequest {
    private final URI uri;

    private HttpRequest(URI uri) {
        this.uri = uri;
    }

    public static Builder newBuilder(URI uri) {
        return new Builder(uri);
    }

    public URI uri() {
        return uri;
    }

    public static final class Builder {
        private final URI uri;

        private Builder(URI uri) {
            this.uri = uri;
        }

        public HttpRequest build() {
            return new HttpRequest(uri);
        }
    }
}
