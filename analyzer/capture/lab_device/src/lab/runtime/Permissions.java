package lab.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which permissions the app holds: dangerous ones by dialog (or at install for old apps), the others always. */
public final class Permissions {
    private static final String P = "android.permission.";
    private static final Set<String> DANGEROUS = Set.of(
        P + "READ_PHONE_STATE", P + "READ_PHONE_NUMBERS", P + "CALL_PHONE", P + "READ_CALL_LOG", P + "WRITE_CALL_LOG",
        P + "ACCESS_FINE_LOCATION", P + "ACCESS_COARSE_LOCATION", P + "ACCESS_BACKGROUND_LOCATION",
        P + "READ_CONTACTS", P + "WRITE_CONTACTS", P + "GET_ACCOUNTS", P + "READ_CALENDAR", P + "WRITE_CALENDAR",
        P + "READ_SMS", P + "RECEIVE_SMS", P + "SEND_SMS", P + "CAMERA", P + "RECORD_AUDIO", P + "BODY_SENSORS",
        P + "READ_EXTERNAL_STORAGE", P + "WRITE_EXTERNAL_STORAGE", P + "ACTIVITY_RECOGNITION");
    private static final Set<String> SYSTEM_ONLY = Set.of(P + "LOCAL_MAC_ADDRESS", P + "READ_PRIVILEGED_PHONE_STATE");
    private static final int RUNTIME_PERMISSIONS = 23;

    private Permissions() {}

    /** Grants at install what Android grants at install to an app made before runtime permissions. */
    static void install() {
        if (App.targetSdk() >= RUNTIME_PERMISSIONS || Files.exists(file())) {
            return;
        }
        Set<String> granted = new TreeSet<>();
        for (String name : App.permissions()) {
            if (DANGEROUS.contains(name)) {
                granted.add(name);
            }
        }
        write(granted);
    }

    /** Whether the app holds a permission now. */
    public static boolean holds(String name) {
        if (SYSTEM_ONLY.contains(name) || !App.permissions().contains(name)) {
            return false;
        }
        return !DANGEROUS.contains(name) || granted().contains(name);
    }

    /** Whether the app holds one of some permissions now. */
    public static boolean holdsAny(String... names) {
        for (String name : names) {
            if (holds(name)) {
                return true;
            }
        }
        return false;
    }

    /** Throws what Android throws when the app holds none of the permissions. */
    public static void enforce(String what, String... names) {
        if (!holdsAny(names)) {
            throw new SecurityException(what + ": Neither user 10086 nor current process has " + String.join(" or ", names) + ".");
        }
    }

    /** Whether a dialog must be answered before the app holds the permission. */
    public static boolean needsDialog(String name) {
        return DANGEROUS.contains(name) && App.permissions().contains(name) && !granted().contains(name);
    }

    /** The dangerous permissions that are granted. */
    static Set<String> granted() {
        try {
            List<String> lines = Files.exists(file()) ? Files.readAllLines(file()) : new ArrayList<>();
            Set<String> result = new TreeSet<>(lines);
            result.remove("");
            return result;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    static void set(String name, boolean granted) {
        Set<String> all = granted();
        if (granted) {
            all.add(name);
        } else {
            all.remove(name);
        }
        write(all);
    }

    private static void write(Set<String> granted) {
        try {
            Files.createDirectories(file().getParent());
            Files.writeString(file(), String.join("\n", granted) + "\n");
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static Path file() {
        return App.dataFolder().toPath().resolve("runtime-permissions.txt");
    }
}
