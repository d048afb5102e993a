package program;

import android.app.Application;
import dalvik.system.DexClassLoader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * Brings in code while it runs, in the ways in which apps and packers do: a loader of Android's, a loader with a
 * `loadClass` of its own, and a second application that is attached after the first. Between two ways it says where it
 * is by a hooked call of its own.
 */
public final class Loaded {
    public static final Target OWN = new Target("own");

    private Loaded() {}

    /** The application behind a shell's. */
    public static final class Real extends Application {}

    /** Code that was not there at the start and calls what was. */
    public static final class Guest {
        public String ask() {
            return OWN.echo("asked by a guest");
        }
    }

    /** Defines the named classes itself and says so to nobody: not even to the platform's own `loadClass`. */
    private static final class Quiet extends ClassLoader {
        private final String[] own;

        Quiet(String... own) {
            super(Loaded.class.getClassLoader());
            this.own = own;
        }

        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
            for (String each : own) {
                if (name.equals(each)) {
                    Class<?> known = findLoadedClass(name);
                    return known == null ? made(name) : known;
                }
            }
            return getParent().loadClass(name);
        }

        private Class<?> made(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] code = in.readAllBytes();
                return defineClass(null, code, 0, code.length);
            } catch (IOException problem) {
                throw new ClassNotFoundException(name, problem);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        String all = System.getProperty("java.class.path");
        dex(all);
        quiet();
        packed(all);
        System.exit(0);
    }

    private static void dex(String all) throws Exception {
        ClassLoader loader = new DexClassLoader(all, null, null, ClassLoader.getPlatformClassLoader());
        OWN.echo("a loader was made");
        System.out.println(echo(loader, "from Android's loader"));
        System.out.println(loader.loadClass("com.adjust.sdk.Adjust").getMethod("getAdid").invoke(null));
    }

    private static void quiet() throws Exception {
        System.out.println(echo(new Quiet("program.Target"), "from a quiet loader"));
        Class<?> guest = new Quiet("program.Loaded$Guest").loadClass("program.Loaded$Guest");
        System.out.println(guest.getMethod("ask").invoke(guest.getConstructor().newInstance()));
    }

    private static void packed(String all) throws Exception {
        String[] places = all.split(":");
        ClassLoader android = new URLClassLoader(new URL[] {url(places[1])}, ClassLoader.getPlatformClassLoader());
        ClassLoader loader = new URLClassLoader(new URL[] {url(places[0])}, android);
        Object real = loader.loadClass("program.Loaded$Real").getConstructor().newInstance();
        Class<?> type = android.loadClass("android.app.Application");
        Constructor<?> context = android.loadClass("android.app.ContextImpl").getDeclaredConstructor();
        context.setAccessible(true);
        Method attach = type.getDeclaredMethod("attach", android.loadClass("android.content.Context"));
        attach.setAccessible(true);
        attach.invoke(real, context.newInstance());
        OWN.echo("a second application was attached");
        System.out.println(echo(loader, "from behind a shell"));
    }

    private static URL url(String place) throws Exception {
        return new java.io.File(place).toURI().toURL();
    }

    private static Object echo(ClassLoader loader, String text) throws Exception {
        Class<?> type = loader.loadClass("program.Target");
        return type.getMethod("echo", String.class).invoke(type.getConstructor(String.class).newInstance("late"), text);
    }
}
