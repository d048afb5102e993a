package android.media;

public final class UnsupportedSchemeException extends MediaDrmException {
    private static final long serialVersionUID = 1L;

    public UnsupportedSchemeException(String detailMessage) {
        super(detailMessage);
    }
}
