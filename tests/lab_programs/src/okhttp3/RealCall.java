package okhttp3;

/** A call of OkHttp 3, which had it in another place; it gives nothing. */
public class RealCall {
    private final Request originalRequest;

    public RealCall(Request originalRequest) {
        this.originalRequest = originalRequest;
    }

    public Object execute() {
        return originalRequest == null ? this : null;
    }

    public void enqueue(Object responseCallback) {
        if (originalRequest == null) throw new IllegalStateException();
    }
}
