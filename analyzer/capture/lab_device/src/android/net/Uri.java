package android.net;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

public abstract class Uri {
    private Uri() {}

    private static final class StringUri extends Uri {
        private final String text;

        StringUri(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    @Override
    public abstract String toString();

    @Override
    public boolean equals(Object o) {
        return o instanceof Uri && toString().equals(o.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    public static Uri parse(String uriString) {
        return new StringUri(uriString);
    }

    public static Uri withAppendedPath(Uri baseUri, String pathSegment) {
        return parse(baseUri + "/" + pathSegment);
    }

    public static String encode(String s) {
        return s == null ? null : URLEncoder.encode(s, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public static String decode(String s) {
        return s == null ? null : URLDecoder.decode(s.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    public String getScheme() {
        int colon = toString().indexOf(':');
        return colon < 0 ? null : toString().substring(0, colon);
    }

    public String getAuthority() {
        int start = toString().indexOf("://");
        if (start < 0) {
            return null;
        }
        String rest = toString().substring(start + 3);
        return rest.split("[/?#]", 2)[0];
    }

    public String getHost() {
        String authority = getAuthority();
        return authority == null ? null : authority.replaceAll("^.*@|:\\d*$", "");
    }

    public String getPath() {
        int start = toString().indexOf("://");
        String rest = start < 0 ? toString() : toString().substring(start + 3);
        int slash = rest.indexOf('/');
        return slash < 0 ? "" : decode(rest.substring(slash).split("[?#]", 2)[0]);
    }

    public String getQueryParameter(String key) {
        int mark = toString().indexOf('?');
        String query = mark < 0 ? "" : toString().substring(mark + 1).split("#", 2)[0];
        for (String pair : query.split("&")) {
            String[] parts = pair.split("=", 2);
            if (decode(parts[0]).equals(key)) {
                return parts.length > 1 ? decode(parts[1].replace("+", " ")) : "";
            }
        }
        return null;
    }
}
