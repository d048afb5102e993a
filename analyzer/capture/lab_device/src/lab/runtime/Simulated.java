package lab.runtime;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** What the methods of `simulated.txt` answer: what the persona has for a data type, or nothing. */
public final class Simulated {
    private Simulated() {}

    /** An object of which Android's own gives more than the lab does. */
    public static final class Handle {}

    /** Throws what Android throws without the permission; an empty one is always held. */
    public static void ask(String what, String permission) {
        if (!permission.isEmpty()) {
            Permissions.enforce(what, permission);
        }
    }

    /** Whether there is anything to give. */
    public static boolean there(String what, String type, String permission) {
        ask(what, permission);
        return Persona.text(type) != null;
    }

    /** The persona's text, or null. */
    public static String text(String what, String type, String permission) {
        ask(what, permission);
        return Persona.text(type);
    }

    /** All the persona's texts. */
    public static List<Object> texts(String what, String type, String permission) {
        ask(what, permission);
        return new ArrayList<>(Persona.texts(type));
    }

    /** The persona's texts as a map of themselves. */
    public static HashMap<Object, Object> map(String what, String type, String permission) {
        HashMap<Object, Object> all = new HashMap<>();
        texts(what, type, permission).forEach(one -> all.put(one, one));
        return all;
    }

    /** The persona's number, 1 for a text that is none, 0 for nothing. */
    public static double number(String what, String type, String permission) {
        String text = text(what, type, permission);
        if (text == null) {
            return 0;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException problem) {
            return 1;
        }
    }

    /** The persona's text as bytes, or null. */
    public static byte[] bytes(String what, String type, String permission) {
        String text = text(what, type, permission);
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** The persona's address, or null. */
    public static InetAddress address(String what, String type, String permission) {
        String text = text(what, type, permission);
        try {
            return text == null ? null : InetAddress.getByName(text);
        } catch (UnknownHostException problem) {
            return null;
        }
    }
}
