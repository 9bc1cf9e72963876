module smartcms

go 1.27
