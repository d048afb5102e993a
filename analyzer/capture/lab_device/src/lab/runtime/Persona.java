package lab.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The planted values of the device, by data type; a type without a value is simply empty. */
public final class Persona {
    private static final int HARDWARE_ADDRESS_CLOSED = 30;
    private static Map<String, Object> values = new LinkedHashMap<>();
    private static int apiLevel = 25;

    private Persona() {}

    /** Loads `{data_type: [values]}` or `{values: {…}}`; `apiLevel` may stand beside the types. */
    static void load(String file) throws IOException {
        Map<String, Object> root = file == null ? new LinkedHashMap<>() : Json.object(Files.readString(Path.of(file)));
        values = root.get("values") instanceof Map ? map(root.get("values")) : root;
        Object level = root.containsKey("apiLevel") ? root.get("apiLevel") : System.getProperty("lab.apiLevel");
        if (level != null) {
            apiLevel = (int) Double.parseDouble(level.toString());
        }
        nameNetwork();
    }

    /** Hands the network's names to the simulated java.net.NetworkInterface, which cannot see this class. */
    private static void nameNetwork() {
        boolean hidden = apiLevel >= HARDWARE_ADDRESS_CLOSED && App.targetSdk() >= HARDWARE_ADDRESS_CLOSED;
        String mac = text("id.mac_wifi");
        if (mac != null && !hidden) {
            System.setProperty("lab.net.mac", mac);
        }
        for (String address : texts("id.ip")) {
            if (address.startsWith("10.") || address.startsWith("192.168.") || address.startsWith("172.")) {
                System.setProperty("lab.net.ip", address);
            }
        }
    }

    /** The Android API level that the device claims. */
    public static int apiLevel() {
        return apiLevel;
    }

    /** The first value of a type as text, or null. */
    public static String text(String type) {
        return text(type, 0);
    }

    /** The n-th value of a type as text, or null. */
    public static String text(String type, int index) {
        List<Object> all = all(type);
        return index >= 0 && index < all.size() ? plain(all.get(index)) : null;
    }

    /** The first value of a type as text, or what stands in for it. */
    public static String text(String type, String otherwise) {
        String value = text(type);
        return value == null ? otherwise : value;
    }

    /** All values of a type as texts. */
    public static List<String> texts(String type) {
        List<String> result = new ArrayList<>();
        for (Object value : all(type)) {
            result.add(plain(value));
        }
        return result;
    }

    /** All values of a type that are records; a bare text becomes the record's `bare` member. */
    public static List<Map<String, Object>> records(String type, String bare) {
        List<Map<String, Object>> result = new ArrayList<>();
        for (Object value : all(type)) {
            result.add(value instanceof Map ? map(value) : new LinkedHashMap<>(Map.of(bare, plain(value))));
        }
        return result;
    }

    private static List<Object> all(String type) {
        Object value = values.get(type);
        if (value instanceof List) {
            return list(value);
        }
        List<Object> single = new ArrayList<>();
        if (value != null) {
            single.add(value);
        }
        return single;
    }

    private static String plain(Object value) {
        return value instanceof Map || value instanceof List ? Json.write(value) : String.valueOf(value);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        return (List<Object>) value;
    }
}
