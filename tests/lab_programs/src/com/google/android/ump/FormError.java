package com.google.android.ump;

/** Why a form could not be shown. */
public class FormError {}
