package program;

import android.net.Uri;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Knocks at every door of a list: calls each method with arguments of its types and prints what came of it. A line of
 * the list is `class method text`; the text stands for every text and address among the arguments.
 */
public final class Doors {
    private Doors() {}

    public static void main(String[] args) throws Exception {
        call("lab.runtime.App", "load");
        call("lab.runtime.Persona", "load", System.getProperty("lab.persona"));
        call("lab.runtime.Permissions", "install");
        android.os.Looper.prepareMainLooper();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            String[] words = line.split(" ", 3);
            try {
                Class<?> type = Class.forName(words[0]);
                for (Method method : methods(type, words[1])) knock(type, method, words.length > 2 ? words[2] : "x");
            } catch (Throwable problem) {
                System.out.println(words[0] + "." + words[1] + " not called: " + problem);
            }
        }
        Rest.all();
        System.out.flush();
        Runtime.getRuntime().exit(0);
    }

    /** Calls what the runtime calls when a process of an app starts; it is not public. */
    private static void call(String owner, String name, Object... values) throws Exception {
        for (Method method : Class.forName(owner).getDeclaredMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == values.length) {
                method.setAccessible(true);
                method.invoke(null, values);
            }
        }
    }

    private static List<Method> methods(Class<?> type, String name) {
        List<Method> found = new ArrayList<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Method method : each.getDeclaredMethods()) {
                if (method.getName().equals(name) && !method.isBridge()) found.add(method);
            }
            if (!found.isEmpty()) break;
        }
        return found;
    }

    private static void knock(Class<?> type, Method method, String text) throws Exception {
        Object receiver = Modifier.isStatic(method.getModifiers()) ? null : made(type, text);
        List<Object> values = new ArrayList<>();
        for (Class<?> each : method.getParameterTypes()) values.add(value(each, text));
        String what = type.getName() + "." + method.getName();
        try {
            method.setAccessible(true);
            method.invoke(receiver, values.toArray());
            System.out.println(what + " returned");
        } catch (InvocationTargetException thrown) {
            System.out.println(what + " threw " + thrown.getCause());
        }
    }

    private static Object value(Class<?> type, String text) throws Exception {
        if (type == boolean.class) return true;
        if (type == char.class) return 'x';
        if (type.isPrimitive()) return number(type);
        if (type == String.class || type == CharSequence.class) return text;
        if (type == Uri.class) return Uri.parse(text);
        if (type.isArray()) {
            Object array = Array.newInstance(type.getComponentType(), 3);
            if (type == String[].class) ((String[]) array)[0] = text;
            return array;
        }
        return made(type, text);
    }

    private static Object number(Class<?> type) {
        Object one = Array.newInstance(type, 1);
        return Array.get(one, 0);
    }

    /** Makes an object without asking its constructor; nothing of a class that has no objects of its own. */
    private static Object made(Class<?> type, String text) throws Exception {
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers()) || type.getName().startsWith("java.")) return null;
        for (Constructor<?> each : type.getDeclaredConstructors()) {
            if (each.getParameterCount() == 0) {
                each.setAccessible(true);
                return each.newInstance();
            }
        }
        Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
        field.setAccessible(true);
        Object unsafe = field.get(null);
        return unsafe.getClass().getMethod("allocateInstance", Class.class).invoke(unsafe, type);
    }
}
