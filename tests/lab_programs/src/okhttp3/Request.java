package okhttp3;

/** A request with the fields of OkHttp's. */
public final class Request {
    private final HttpUrl url;
    private final String method;

    public Request(String method, String url) {
        this.url = new HttpUrl(url);
        this.method = method;
    }
}
