package okhttp3;

/** An address, which OkHttp keeps as a text too. */
public final class HttpUrl {
    private final String url;

    public HttpUrl(String url) {
        this.url = url;
    }
}
