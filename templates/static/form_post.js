// Sends the form of the page; without script its button does (OAuth 2.0 Form Post Response Mode).
document.getElementById("form-post").submit();
