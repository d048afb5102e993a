package android.util;

import java.nio.charset.StandardCharsets;

public class Base64 {
    public static final int DEFAULT = 0;
    public static final int NO_PADDING = 1;
    public static final int NO_WRAP = 2;
    public static final int CRLF = 4;
    public static final int URL_SAFE = 8;
    private static final int LINE = 76;

    Base64() {}

    public static byte[] decode(String str, int flags) {
        String text = str.replaceAll("\\s", "");
        return ((flags & URL_SAFE) != 0 ? java.util.Base64.getUrlDecoder() : java.util.Base64.getDecoder()).decode(text);
    }

    public static byte[] decode(byte[] input, int flags) {
        return decode(new String(input, StandardCharsets.US_ASCII), flags);
    }

    public static String encodeToString(byte[] input, int flags) {
        return new String(encode(input, flags), StandardCharsets.US_ASCII);
    }

    public static byte[] encode(byte[] input, int flags) {
        java.util.Base64.Encoder encoder = (flags & URL_SAFE) != 0 ? java.util.Base64.getUrlEncoder() : java.util.Base64.getEncoder();
        String text = ((flags & NO_PADDING) != 0 ? encoder.withoutPadding() : encoder).encodeToString(input);
        if ((flags & NO_WRAP) == 0 && !text.isEmpty()) {
            String end = (flags & CRLF) != 0 ? "\r\n" : "\n";
            text = String.join(end, text.split("(?<=\\G.{" + LINE + "})")) + end;
        }
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
