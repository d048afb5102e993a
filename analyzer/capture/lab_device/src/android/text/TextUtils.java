package android.text;

public class TextUtils {
    TextUtils() {}

    public static boolean isEmpty(CharSequence str) {
        return str == null || str.length() == 0;
    }

    public static boolean equals(CharSequence a, CharSequence b) {
        return a == b || a != null && b != null && a.toString().equals(b.toString());
    }

    public static String join(CharSequence delimiter, Iterable tokens) {
        StringBuilder out = new StringBuilder();
        for (Object token : tokens) {
            out.append(out.length() == 0 ? "" : delimiter).append(token);
        }
        return out.toString();
    }
}
