package com.example.compliant;

import android.app.AlertDialog;
import android.content.Context;

/** The privacy policy, in full; the same from the notice and from the main page. */
final class Policy {
    private static final String TEXT = "更新日期：2026年1月1日。本政策由示例记事工作室制定，适用于示例记事。\n"
        + "一、我们收集的信息：在您同意之前，我们不会收集您的任何个人信息。您同意后，我们会收集 Android ID，用于向您的设备推送提醒。"
        + "在您授权位置权限后，我们会收集您的位置，用于在记事中显示当地天气；您可以拒绝，其他功能不受影响。\n"
        + "二、我们不会向第三方提供您的信息，信息仅保存在我们位于中国境内的服务器上，并在十二个月后删除。\n"
        + "三、您的权利：您可以在系统设置中撤回对位置权限的授权；您可以联系我们查询、更正、删除您的信息，或撤回您的同意。\n"
        + "四、联系我们：如有投诉或疑问，请写信至 privacy@notes.example，我们会在十五个工作日内答复。";

    private Policy() {}

    static void show(Context context) {
        new AlertDialog.Builder(context).setTitle("隐私政策全文").setMessage(TEXT).setPositiveButton("返回", null).show();
    }
}
