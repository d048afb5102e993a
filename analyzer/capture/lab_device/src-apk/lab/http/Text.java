package lab.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.net.URLEncoder;

/** What newer versions of Java have and older Androids lack. */
public final class Text {
    private Text() {}

    /** Reads a stream to its end. */
    public static byte[] readAll(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] part = new byte[8192];
        for (int size = in.read(part); size >= 0; size = in.read(part)) {
            out.write(part, 0, size);
        }
        return out.toByteArray();
    }

    /** Encodes a text for a URL's query. */
    public static String encode(String text) {
        try {
            return URLEncoder.encode(text, "UTF-8");
        } catch (UnsupportedEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
