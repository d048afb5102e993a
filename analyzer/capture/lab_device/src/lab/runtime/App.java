package lab.runtime;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** What `META-INF/lab-app.properties` says about the app that runs in this process. */
public final class App {
    private static final Properties FACTS = new Properties();
    private static final Map<String, String> PROCESSES = new LinkedHashMap<>();

    private App() {}

    static void load() throws IOException {
        try (InputStream in = App.class.getClassLoader().getResourceAsStream("META-INF/lab-app.properties")) {
            if (in == null) {
                throw new IOException("the app's jar has no META-INF/lab-app.properties");
            }
            FACTS.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        for (String key : FACTS.stringPropertyNames()) {
            if (key.startsWith("process.")) {
                PROCESSES.put(FACTS.getProperty(key).trim(), key.substring("process.".length()));
            }
        }
    }

    /** The package name. */
    public static String packageName() {
        return System.getProperty("lab.package", fact("package", "lab.unnamed"));
    }

    /** The name of this process. */
    public static String processName() {
        return System.getProperty("lab.process", packageName());
    }

    /** Whether this is the process with the user interface. */
    public static boolean isMainProcess() {
        return processName().equals(packageName());
    }

    /** One fact of the properties file. */
    public static String fact(String key, String otherwise) {
        String value = FACTS.getProperty(key);
        return value == null || value.isBlank() ? otherwise : value.trim();
    }

    /** The SDK level that the app was made for. */
    public static int targetSdk() {
        return Integer.parseInt(fact("targetSdk", "28"));
    }

    /** The permissions that the app declares, as full names. */
    public static List<String> permissions() {
        List<String> result = new ArrayList<>();
        for (String name : fact("permissions", "").split(",")) {
            if (!name.isBlank()) {
                result.add(name.trim().contains(".") ? name.trim() : "android.permission." + name.trim());
            }
        }
        return result;
    }

    /** The process that a service class belongs to: the suffix of the process name, or null for the main process. */
    public static String processOf(String serviceClass) {
        return PROCESSES.get(serviceClass);
    }

    /** The service class of this process, or null in the main process. */
    static String serviceOfThisProcess() {
        for (Map.Entry<String, String> entry : PROCESSES.entrySet()) {
            if (processName().equals(packageName() + ":" + entry.getValue())) {
                return entry.getKey();
            }
        }
        return null;
    }

    /** The app's data folder. */
    public static File dataFolder() {
        return new File(System.getProperty("lab.data", System.getProperty("java.io.tmpdir") + "/" + packageName()));
    }
}
