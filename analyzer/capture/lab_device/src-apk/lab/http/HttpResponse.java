package lab.http;

/** An answer and its body. */
public final class HttpResponse {
    private final int status;
    private final byte[] body;

    HttpResponse(int status, byte[] body) {
        this.status = status;
        this.body = body;
    }

    public int statusCode() {
        return status;
    }

    public byte[] body() {
        return body;
    }

    /** What becomes of a body. */
    public static final class BodyHandler {
        private BodyHandler() {}
    }

    public static final class BodyHandlers {
        private BodyHandlers() {}

        public static BodyHandler ofByteArray() {
            return new BodyHandler();
        }
    }
}
