package okhttp3.internal.connection;

import okhttp3.Request;

/** A call that gives nothing. */
public class RealCall {
    private final Request originalRequest;

    public RealCall(Request originalRequest) {
        this.originalRequest = originalRequest;
    }

    public Object execute() {
        return null;
    }

    public void enqueue(Object responseCallback) {}
}
