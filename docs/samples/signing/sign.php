<?php
// Signs a request and prints its URL.
// php sign.php KEY_FILE ACTION DATA [REF [TIME]]; BASE in the environment says where the server is

function form(string $text): string
{
    // As forms are encoded; urlencode alone would encode *.
    return str_replace('%2A', '*', urlencode($text));
}

function sign(string $key, string $action, string $data, string $ref, string $time): string
{
    $text = 'action=' . form($action) . '&data=' . form($data) . '&ref=' . form($ref) . '&time=' . form($time);
    return $text . '&sig=' . hash_hmac('sha256', $text, $key);
}

$key = hex2bin(trim(file_get_contents($argv[1])));
$ref = $argv[4] ?? bin2hex(random_bytes(16));
$time = $argv[5] ?? gmdate('Y-m-d\T H:i:s\Z');
$base = getenv('BASE') ?: 'http://127.0.0.1:6080';
echo $base, '/cardsecure/cs?', sign($key, $argv[2], $argv[3], $ref, $time), "\n";
